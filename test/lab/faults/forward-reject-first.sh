desc="an old firewall script put REJECT icmp-host-prohibited at the head of FORWARD"
kind=break expect=forward-reject-rule breaks=http
finding=firewall/forward-policy#rejected
evidence="iptables -S FORWARD: -A FORWARD -j REJECT --reject-with icmp-host-prohibited before DOCKER-USER"
fix="iptables -D FORWARD -j REJECT --reject-with icmp-host-prohibited"
inject() { ipt -I FORWARD -j REJECT --reject-with icmp-host-prohibited; }
heal() { ipt -D FORWARD -j REJECT --reject-with icmp-host-prohibited; }
symptom() { cget "http://$PEER_IP:8080/"; pget "http://$HOST_IP:8081/"; hs 'iptables -S FORWARD | head -n 3'; }
