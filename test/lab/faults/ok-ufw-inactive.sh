desc="ufw is installed with rules that would deny everything, but never enabled"
kind=decoy expect=none
evidence="ufw status: inactive; /etc/ufw/ufw.conf ENABLED=no"
fix="none"
inject() { add_package ufw; hs 'ufw default deny incoming; ufw default deny routed; ufw deny 8081/tcp'; }
heal() { drop_package ufw; hs 'rm -rf /etc/ufw'; }
symptom() { hs 'ufw status; cat /etc/ufw/ufw.conf; ufw show added'; }
