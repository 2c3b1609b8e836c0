desc="the popular advice for ufw, --iptables=false: after the next boot containers have no way out"
kind=break expect=daemon-iptables-disabled breaks=http
finding=firewall/engine-rules#noTranslation
evidence="/etc/default/docker DOCKER_OPTS=--iptables=false; no MASQUERADE; ufw active with DEFAULT_FORWARD_POLICY=DROP"
fix="remove --iptables=false, restart docker"
inject() {
    keep /etc/default/docker
    dstop
    ipt -F; ipt -X; ipt -t nat -F; ipt -t nat -X
    hs 'echo DOCKER_OPTS=--iptables=false >>/etc/default/docker'
    ufw_up 'allow 8090/tcp' 'allow in on docker0'
    dstart
    web_wait
}
heal() { back /etc/default/docker; drestart; }
cleanup() { ufw_down; }
symptom() { cping; cget "http://$PEER_IP:8080/"; h ufw status verbose; }
