desc="uidmap is there, with a range of ids for the user, by number and not by name"
kind=decoy expect=none
profile=rootless
evidence="/etc/subuid 4242:300000:65536; unshare --map-auto works for tester"
fix="none"
inject() { uidmap_up; hs 'sed -i s/^tester:/4242:/ /etc/subuid /etc/subgid'; }
heal() { uidmap_down; }
symptom() { u unshare --user --map-auto id; }
