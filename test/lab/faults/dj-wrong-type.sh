desc="daemon.json: string where a list is needed"
kind=break expect=daemon-json-wrong-type breaks=run
evidence="/etc/docker/daemon.json: registry-mirrors is a string; log: cannot unmarshal"
fix="[\"http://...\"]"
inject() { djset 'c["registry-mirrors"]="http://10.77.0.1:5000"'; drestart 20; web_wait; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
