desc="firewalld keeps the swarm's ports closed, as it does by default"
kind=risk expect=swarm-ports-blocked
profile=swarm
finding=firewall/cluster-ports#blocked
evidence="firewall-cmd --zone=public --list-ports lacks 2377/tcp, 7946, 4789/udp; docker info: Swarm active"
fix="firewall-cmd --permanent --add-service=docker-swarm; firewall-cmd --reload"
inject() { firewalld_up; drestart; web_wait; swarm_up; }
heal() { hs 'firewall-cmd --permanent --add-service=docker-swarm; firewall-cmd --reload; sleep 2'; }
cleanup() { swarm_down; firewalld_down; }
symptom() {
    node_up
    typed node docker swarm join --token "$(h docker swarm join-token -q worker)" "$HOST_IP:2377"
    node_down
    typed h firewall-cmd --list-all
}
risk_bad() { h docker node ls && ! p timeout 4 busybox nc -w 3 "$HOST_IP" 2377 </dev/null; }
