desc="insecure-registries entry written with http:// : 20.10 strips it and works"
kind=decoy expect=none
evidence="daemon.json insecure-registries http://10.77.0.1:5000; log: should not contain http://"
fix="host:port without scheme (a hint)"
inject() { djset 'c["insecure-registries"]=["http://10.77.0.1:5000"]'; drestart 20; web_wait; }
heal() { djback; drestart; }
symptom() { h docker pull -q "$PEER_IP:5000/bulk:1"; elog | grep -i insecure | tail -n 1; hs 'docker rmi 10.77.0.1:5000/bulk:1 >/dev/null'; }
