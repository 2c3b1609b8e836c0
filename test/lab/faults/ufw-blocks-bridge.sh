desc="ufw denies what a container is told to ask of the host itself"
kind=break expect=host-firewall-input breaks=hostsvc
finding=firewall/input#serviceBlocked
evidence="ufw status: active, deny (incoming), no rule for docker0; docker inspect client: API_URL=http://172.17.0.1:8088; the host listens on 8088"
fix="ufw allow in on docker0 to any port 8088 proto tcp"
inject() {
    d run -d --stop-timeout 1 --restart unless-stopped --name client -e API_URL=http://172.17.0.1:8088/ bb:1 sleep 3600
    ufw_up 'allow 22/tcp' 'allow 8090/tcp'
}
heal() { h ufw allow in on docker0 to any port 8088 proto tcp; }
cleanup() { d rm -f client; ufw_down; }
symptom() { cget http://172.17.0.1:8088/; h ufw status verbose; }
