desc="DOCKER-USER rules in ufw's after.rules (ufw-docker) close every published port, and none was opened"
kind=break expect=docker-user-drop breaks=published
finding=firewall/forward-policy#dropped
evidence="/etc/ufw/after.rules has a DOCKER-USER section; iptables -S DOCKER-USER ends in DROP for the bridge's addresses"
fix="ufw route allow proto tcp from any to any port 80"
inject() {
    ufw_up 'allow 8090/tcp' 'allow in on docker0'
    hs 'cat >>/etc/ufw/after.rules <<RULES
*filter
:ufw-user-forward - [0:0]
:DOCKER-USER - [0:0]
-A DOCKER-USER -j ufw-user-forward
-A DOCKER-USER -i docker0 -j RETURN
-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN
-A DOCKER-USER -d 172.17.0.0/16 -j DROP
-A DOCKER-USER -j RETURN
COMMIT
RULES
ufw reload'
}
heal() { h ufw route allow proto tcp from any to any port 80; }
cleanup() { h iptables -F DOCKER-USER; ufw_down; }
symptom() { pget "http://$HOST_IP:8081/"; hs 'iptables -S DOCKER-USER; ufw status verbose'; }
