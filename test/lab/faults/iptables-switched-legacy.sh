desc="iptables alternative switched to legacy while Docker's nft rules (FORWARD DROP) are still loaded"
kind=break expect=iptables-backend-conflict breaks=http
evidence="iptables -V: legacy; iptables-nft -S FORWARD: policy DROP with stale rules from the old start"
fix="flush the rules of the unused backend (iptables-nft -F; -t nat -F; policy ACCEPT), restart docker"
inject() {
    dstop
    ipt -F DOCKER-USER; ipt -A DOCKER-USER -j DROP
    hs 'ln -sf /usr/sbin/iptables-legacy /etc/alternatives/iptables'
    dstart
    web_wait
}
heal() { hs 'iptables-nft -F; iptables-nft -t nat -F; iptables-nft -P FORWARD ACCEPT'; drestart; }
cleanup() {
    dstop
    hs 'iptables-legacy -F; iptables-legacy -t nat -F; iptables-legacy -X; iptables-legacy -t nat -X; iptables-legacy -P FORWARD ACCEPT; ln -sf /usr/sbin/iptables-nft /etc/alternatives/iptables; iptables-nft -P FORWARD DROP'
    dstart
}
symptom() { cping; cget "http://$PEER_IP:8080/"; hs 'iptables -V; iptables-nft -S FORWARD | head -n 4'; }
