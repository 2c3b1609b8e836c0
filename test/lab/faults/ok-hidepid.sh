desc="/proc is mounted with hidepid=2 by a hardening guide: users do not see the engine's process"
kind=decoy expect=none
evidence="findmnt /proc: hidepid=invisible"
fix="none"
inject() { hs 'mount -o remount,hidepid=2 /proc'; }
heal() { hs 'mount -o remount,hidepid=0 /proc'; }
symptom() { u ps -e; hs 'findmnt -n -o OPTIONS /proc'; }
