desc="daemon.json iptables=false and no rules of one's own (after a reboot)"
kind=break expect=daemon-iptables-disabled breaks=http
evidence="daemon.json \"iptables\": false; no DOCKER chains, no MASQUERADE"
fix="remove iptables:false, restart docker"
inject() { djset 'c["iptables"]=False'; dstop; ipt -F; ipt -X; ipt -t nat -F; ipt -t nat -X; ipt -P FORWARD ACCEPT; dstart; web_wait; }
heal() { djback; drestart; }
cleanup() { ipt -P FORWARD DROP; }
symptom() { cping; cget "http://$PEER_IP:8080/"; }
