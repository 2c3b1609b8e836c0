desc="iptables -F removed Docker's filter rules, FORWARD policy DROP stays (firewalld reload, firewall script)"
kind=break expect=docker-rules-missing breaks=http
evidence="iptables -S FORWARD: policy DROP and no jump to DOCKER-USER / DOCKER"
fix="service docker restart (dockerd writes its rules again); order the firewall before docker"
inject() { ipt -F; }
heal() { drestart; }
symptom() { cping; cget "http://$PEER_IP:8080/"; pget "http://$HOST_IP:8081/"; hs 'docker network create fx; docker network rm fx'; }
