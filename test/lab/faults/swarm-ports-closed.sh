desc="the swarm's ports are closed by INPUT: no other node can join"
kind=risk expect=swarm-ports-blocked
profile=swarm
finding=firewall/cluster-ports#blocked
evidence="docker info: Swarm active; iptables -S INPUT drops tcp 2377, 7946 and udp 7946, 4789"
fix="iptables -D INPUT ... (open tcp 2377, 7946 and udp 7946, 4789 for the other nodes)"
inject() {
    swarm_up
    ipt -A INPUT -i eth0 -p tcp -m multiport --dports 2377,7946 -j DROP
    ipt -A INPUT -i eth0 -p udp -m multiport --dports 7946,4789 -j DROP
}
heal() { ipt -F INPUT; }
cleanup() { swarm_down; }
symptom() { p timeout 4 busybox nc -w 3 "$HOST_IP" 2377 </dev/null; xs $?; hs 'docker node ls; iptables -S INPUT'; }
risk_bad() { h docker node ls && ! p timeout 4 busybox nc -w 3 "$HOST_IP" 2377 </dev/null; }
