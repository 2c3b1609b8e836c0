desc="the other machine drops the packets (timeouts from container and host alike)"
kind=break expect=remote-firewall-drop breaks=http
evidence="host and container both time out to 10.77.0.1:8080 while ping works"
fix="open the port on the remote machine"
inject() { p iptables -w -A INPUT -p tcp --dport 8080 -j DROP; }
heal() { p iptables -w -F INPUT; }
symptom() { cget "http://$PEER_IP:8080/"; hget "http://$PEER_IP:8080/"; cping; }
