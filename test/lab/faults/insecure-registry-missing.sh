desc="plain-HTTP registry not listed in insecure-registries"
kind=break expect=insecure-registry-missing breaks=pull-insecure
evidence="daemon.json insecure-registries lacks 10.77.0.1:5000"
fix="add it, restart (or kill -HUP)"
inject() { djset 'c["insecure-registries"]=[]'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { h docker pull "$PEER_IP:5000/bulk:1"; echo "exit status $?"; }
