desc="ufw with MANAGE_BUILTINS=yes flushed Docker's rules when it was enabled"
kind=break expect=ufw-flushed-rules breaks=http
finding=firewall/ufw#flushesEngine
evidence="/etc/default/ufw MANAGE_BUILTINS=yes; iptables -S FORWARD has ufw's jumps alone"
fix="service docker restart; MANAGE_BUILTINS=no in /etc/default/ufw"
inject() {
    add_package ufw
    hs 'sed -i s/^MANAGE_BUILTINS=.*/MANAGE_BUILTINS=yes/ /etc/default/ufw'
    ufw_up 'allow 8090/tcp' 'allow in on docker0'
}
heal() { hs 'sed -i s/^MANAGE_BUILTINS=.*/MANAGE_BUILTINS=no/ /etc/default/ufw'; drestart; }
cleanup() { ufw_down; }
symptom() { cping; cget "http://$PEER_IP:8080/"; hs 'iptables -S FORWARD'; }
