desc="ufw (real) is on and denies what comes in: a container on the host's network is reached by nobody"
kind=break expect=host-firewall-input breaks=published
finding=firewall/input#hostPortsClosed
evidence="ufw status: active, deny (incoming), nothing allows 8090/tcp"
fix="ufw allow 8090/tcp"
inject() { ufw_up 'allow 22/tcp'; }
heal() { h ufw allow 8090/tcp; h ufw allow in on docker0; }
cleanup() { ufw_down; }
symptom() { pget "http://$HOST_IP:8090/"; h ufw status verbose; }
