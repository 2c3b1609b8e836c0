desc="daemon.json ip-masq=false"
kind=break expect=daemon-ip-masq-disabled breaks=http
evidence="daemon.json \"ip-masq\": false; no MASQUERADE rule for docker0"
fix="remove ip-masq:false, restart docker"
inject() { djset 'c["ip-masq"]=False'; dstop; ipt -t nat -F; ipt -t nat -X; dstart; web_wait; }
heal() { djback; drestart; }
symptom() { cping; cget "http://$PEER_IP:8080/"; }
