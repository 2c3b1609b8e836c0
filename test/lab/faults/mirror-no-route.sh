desc="mirror address that no machine has"
kind=break expect=mirror-unreachable breaks=pull-mirror
evidence="daemon.json registry-mirrors http://10.77.0.99:5000; no ARP answer (ip neigh FAILED)"
fix="correct the mirror"
inject() { djset 'c["registry-mirrors"]=["http://10.77.0.99:5000"]'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { T_CMD=60 h docker pull hub:1; echo "exit status $?"; elog | grep -E "next endpoint|v2 registry|Handler for POST|mirror" | tail -n 3; hs 'ip neigh show 10.77.0.99'; }
