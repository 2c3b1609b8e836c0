desc="docker0 was moved to firewalld's zone drop by hand: containers reach nothing, Docker's own rules are all there"
kind=break expect=firewalld-zone-blocks breaks=http
finding=firewall/firewalld#zoneBlocks
evidence="firewall-cmd --get-zone-of-interface=docker0: drop; iptables -S is complete"
fix="firewall-cmd --zone=docker --change-interface=docker0"
inject() { firewalld_up; drestart; web_wait; h firewall-cmd --zone=drop --change-interface=docker0; }
heal() { h firewall-cmd --zone=docker --change-interface=docker0; }
cleanup() { firewalld_down; }
symptom() { cping; cget "http://$PEER_IP:8080/"; hs 'firewall-cmd --get-active-zones'; }
