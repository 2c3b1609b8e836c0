desc="the other machine's firewall rejects (icmp-host-prohibited): looks like a routing fault, is not this host's"
kind=break expect=remote-firewall-reject breaks=http
evidence="ICMP host-prohibited comes from 10.77.0.1; the host itself gets the same error as the container"
fix="open the port on the remote machine (here: remove the REJECT on the peer)"
inject() { p iptables -w -A INPUT -p tcp --dport 8080 -j REJECT --reject-with icmp-host-prohibited; }
heal() { p iptables -w -F INPUT; }
symptom() {
    typed h docker run --rm bb:1 wget -q -O- "http://$PEER_IP:8080/"
    typed h curl -sS -m 4 "http://$PEER_IP:8080/"
    typed h docker run --rm bb:1 ping -c 2 "$PEER_IP"
}
