desc="live-restore true"
kind=decoy expect=none
evidence="daemon.json live-restore; restarted beside running containers, the engine has DOCKER-USER below its isolation chain"
fix="none"
inject() { djset 'c["live-restore"]=True'; drestart; web_wait; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { hs 'docker info 2>/dev/null | grep -i live'; }
