desc="daemon.json: misspelt key"
kind=break expect=daemon-json-unknown-key breaks=run
evidence="/etc/docker/daemon.json: registry_mirrors; log: directives don't match any configuration option"
fix="registry-mirrors"
inject() { djset 'c["registry_mirrors"]=c.pop("registry-mirrors")'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
