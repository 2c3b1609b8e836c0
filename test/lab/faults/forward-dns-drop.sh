desc="firewall drops forwarded UDP/TCP 53: the host resolves names, containers do not"
kind=break expect=forward-dns-blocked breaks=dns
evidence="iptables -S FORWARD: -p udp --dport 53 -j DROP ahead of Docker's rules"
fix="remove the rule (iptables -D FORWARD -p udp --dport 53 -j DROP)"
inject() { ipt -I FORWARD -p udp --dport 53 -j DROP; ipt -I FORWARD -p tcp --dport 53 -j DROP; }
heal() { ipt -D FORWARD -p udp --dport 53 -j DROP; ipt -D FORWARD -p tcp --dport 53 -j DROP; }
symptom() { h docker run --rm bb:1 ping -c1 -W2 far.lab.test; echo "exit status $?"; h timeout 5 getent hosts far.lab.test; }
