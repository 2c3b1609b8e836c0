desc="a REJECT stands at the end of FORWARD, behind Docker's rules, as iptables-services saves it"
kind=decoy expect=none
evidence="iptables -S FORWARD: the REJECT comes after Docker's accepts"
fix="none"
inject() { ipt -A FORWARD -j REJECT --reject-with icmp-host-prohibited; }
heal() { ipt -D FORWARD -j REJECT --reject-with icmp-host-prohibited; }
symptom() { hs 'iptables -S FORWARD'; }
