desc="the bridge's subnet has no address left (bip /30)"
kind=break expect=bridge-addresses-exhausted breaks=run
evidence="daemon.json bip /30; docker network inspect bridge"
fix="larger bip (172.17.0.1/16), restart docker"
inject() { djset 'c["bip"]="172.26.0.1/30"'; drestart; web_wait; }
heal() { djset 'c["bip"]="172.17.0.1/16"'; drestart; }
cleanup() { djback; }
symptom() { h docker run --rm bb:1 true; echo "exit status $?"; }
