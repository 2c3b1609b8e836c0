desc="INPUT policy DROP (ufw style): the same ports hang instead of being refused"
kind=break expect=host-firewall-input breaks=published
evidence="iptables -S INPUT: -P INPUT DROP, accepts only lo / established / ssh / icmp"
fix="iptables -A INPUT -p tcp --dport 8090 -j ACCEPT; iptables -A INPUT -i docker0 -j ACCEPT (ufw allow ...)"
inject() {
    ipt -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    ipt -A INPUT -p icmp -j ACCEPT
    ipt -A INPUT -i lo -j ACCEPT
    ipt -A INPUT -p tcp --dport 22 -j ACCEPT
    ipt -P INPUT DROP
}
heal() { ipt -A INPUT -p tcp --dport 8090 -j ACCEPT; ipt -A INPUT -i docker0 -j ACCEPT; }
cleanup() { ipt -P INPUT ACCEPT; ipt -F INPUT; }
symptom() { pget "http://$HOST_IP:8090/"; cget http://172.17.0.1:8088/; }
