desc="DOCKER-USER keeps one stranger's network out: a rule of the administrator, not a fault"
kind=decoy expect=none
evidence="iptables -S DOCKER-USER: DROP for 198.51.100.0/24 alone"
fix="none"
inject() { ipt -I DOCKER-USER -i eth0 -s 198.51.100.0/24 -j DROP; }
heal() { ipt -D DOCKER-USER -i eth0 -s 198.51.100.0/24 -j DROP; }
symptom() { hs 'iptables -S DOCKER-USER'; }
