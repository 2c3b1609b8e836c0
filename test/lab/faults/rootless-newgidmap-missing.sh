desc="newgidmap is gone, newuidmap is there"
kind=risk expect=rootless-newuidmap
profile=rootless
finding=engine/rootless#helperMissing
evidence="command -v newgidmap fails"
fix="install uidmap (shadow-utils)"
inject() { uidmap_up; h mv /usr/bin/newgidmap /root/; }
heal() { h mv /root/newgidmap /usr/bin/; }
cleanup() { uidmap_down; }
symptom() { u unshare --user --map-auto true; xs $?; }
risk_bad() { ! u unshare --user --map-auto true; }
