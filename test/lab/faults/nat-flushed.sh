desc="iptables -t nat -F: no MASQUERADE and no port DNAT (docker-proxy hides part of it)"
kind=break expect=nat-rules-missing breaks=http
evidence="iptables -t nat -S: no MASQUERADE for 172.17.0.0/16, DOCKER chain empty or not jumped to"
fix="service docker restart"
inject() { ipt -t nat -F; }
heal() { drestart; }
symptom() { cping; cget "http://$PEER_IP:8080/"; pget "http://$HOST_IP:8081/"; }
