desc="containers are told to ask the host's own resolver, and ufw denies them"
kind=break expect=host-firewall-input breaks=dns
finding=firewall/input#resolverBlocked
evidence="daemon.json dns 172.17.0.1; a resolver listens there; ufw status has no rule for port 53"
fix="ufw allow in on docker0 to any port 53"
inject() {
    bg host dns python3 "$LAB/lib/dnsd.py" 172.17.0.1 "far.lab.test=$FAR_IP" "reg.lab.test=$PEER_IP"
    djset 'c["dns"]=["172.17.0.1"]'
    drestart
    web_wait
    ufw_up 'allow 22/tcp' 'allow 8090/tcp' 'allow in on docker0 to any port 8088 proto tcp'
}
heal() { h ufw allow in on docker0 to any port 53; }
cleanup() { unbg host dns; djback; ufw_down; }
symptom() { h docker run --rm bb:1 nslookup far.lab.test; xs $?; h ufw status verbose; }
