desc="the other machine drops the packets (timeouts from container and host alike)"
kind=break expect=remote-firewall-drop breaks=http
evidence="host and container both time out to 10.77.0.1:8080 while ping works"
fix="open the port on the remote machine"
inject() { p iptables -w -A INPUT -p tcp --dport 8080 -j DROP; }
heal() { p iptables -w -F INPUT; }
symptom() {
    typed h docker run --rm --init bb:1 nc -w 4 "$PEER_IP" 8080
    typed h curl -sS -m 4 "http://$PEER_IP:8080/"
    typed h docker run --rm bb:1 ping -c 2 "$PEER_IP"
}
