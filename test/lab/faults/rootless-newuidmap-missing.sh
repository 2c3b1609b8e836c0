desc="newuidmap is gone, newgidmap is there"
kind=risk expect=rootless-newuidmap
profile=rootless
evidence="command -v newuidmap fails"
fix="install uidmap (shadow-utils)"
inject() { uidmap_up; h mv /usr/bin/newuidmap /root/; }
heal() { h mv /root/newuidmap /usr/bin/; }
cleanup() { uidmap_down; }
symptom() { u unshare --user --map-auto true; xs $?; }
risk_bad() { ! u unshare --user --map-auto true; }
