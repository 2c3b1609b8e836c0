desc="firewalld (real, 1.3) started after Docker: it flushed Docker's rules"
kind=break expect=docker-rules-missing breaks=http
finding=firewall/firewalld#reloaded
evidence="firewalld.pid is younger than docker.pid; iptables -S: policy DROP, no DOCKER chains; firewall-cmd --get-zones has no docker"
fix="service docker restart (Docker then makes its zone); start firewalld before Docker"
inject() { firewalld_up; }
heal() { drestart; }
cleanup() { firewalld_down; }
symptom() { cping; cget "http://$PEER_IP:8080/"; hs 'firewall-cmd --get-active-zones; docker network create fx; docker network rm fx'; }
