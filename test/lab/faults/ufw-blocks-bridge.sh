desc="ufw denies what containers ask of the host itself"
kind=break expect=host-firewall-input breaks=hostsvc
evidence="ufw status: active, deny (incoming), no rule for docker0; the host listens on 8088"
fix="ufw allow in on docker0 to any port 8088 proto tcp"
inject() { ufw_up 'allow 22/tcp' 'allow 8090/tcp'; }
heal() { h ufw allow in on docker0 to any port 8088 proto tcp; }
cleanup() { ufw_down; }
symptom() { cget http://172.17.0.1:8088/; h ufw status verbose; }
