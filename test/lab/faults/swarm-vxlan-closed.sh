desc="only udp 4789 is closed: nodes join, but containers of an overlay network do not meet"
kind=risk expect=swarm-ports-blocked
profile=swarm
finding=firewall/cluster-ports#dataBlocked
evidence="iptables -S INPUT: udp 4789 DROP; tcp 2377 answers"
fix="open udp 4789 between the nodes"
inject() { swarm_up; ipt -A INPUT -i eth0 -p udp --dport 4789 -j DROP; }
heal() { ipt -F INPUT; }
cleanup() { swarm_down; }
symptom() { hs 'docker node ls; iptables -S INPUT'; }
risk_bad() { # a packet from the LAN to the port is counted by the rule
    h iptables -Z INPUT
    p bash -c 'echo x >/dev/udp/10.77.0.2/4789'
    hs 'iptables -nvxL INPUT | grep "DROP.*dpt:4789" | grep -v "^ *0 "'
}
