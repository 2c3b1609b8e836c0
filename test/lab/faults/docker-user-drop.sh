desc="a bare DROP in DOCKER-USER"
kind=break expect=docker-user-drop breaks=http
evidence="iptables -S DOCKER-USER: -j DROP before RETURN"
fix="iptables -D DOCKER-USER -j DROP"
inject() { ipt -I DOCKER-USER -j DROP; }
heal() { ipt -D DOCKER-USER -j DROP; }
symptom() { cping; cget "http://$PEER_IP:8080/"; pget "http://$HOST_IP:8081/"; }
