desc="newuidmap has lost its setuid bit (a hardening script): an engine without root cannot map ids"
kind=risk expect=rootless-newuidmap
profile=rootless
finding=engine/rootless#powerless
evidence="stat -c %a /usr/bin/newuidmap: 755; write to uid_map failed: Operation not permitted"
fix="chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap"
inject() { uidmap_up; h chmod u-s /usr/bin/newuidmap /usr/bin/newgidmap; }
heal() { h chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap; }
cleanup() { uidmap_down; }
symptom() { u unshare --user --map-auto true; xs $?; }
risk_bad() { ! u unshare --user --map-auto true; }
