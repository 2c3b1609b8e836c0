desc="userns-remap with a user that does not exist"
kind=break expect=userns-remap breaks=daemon
evidence="daemon.json userns-remap; getent passwd; /etc/subuid; log"
fix="create the user with subuid/subgid ranges, or remove the key"
inject() { djset 'c["userns-remap"]="remapper"'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
