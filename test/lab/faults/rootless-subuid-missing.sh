desc="the user of the rootless engine has no line in /etc/subuid"
kind=risk expect=rootless-subuid
profile=rootless
finding=engine/rootless#fewIds
evidence="/etc/subuid has no line for tester"
fix="usermod --add-subuids 300000-365535 tester"
inject() { uidmap_up; hs ': >/etc/subuid'; }
heal() { h usermod --add-subuids 300000-365535 tester; }
cleanup() { uidmap_down; }
symptom() { u unshare --user --map-auto true; xs $?; }
risk_bad() { ! u unshare --user --map-auto true; }
