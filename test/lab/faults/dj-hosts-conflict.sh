desc="hosts both as -H flag and in daemon.json"
kind=break expect=daemon-hosts-conflict breaks=run
evidence="/etc/default/docker DOCKER_OPTS=-H ...; daemon.json hosts; log: specified both as a flag and in the configuration file"
fix="keep only one of them"
inject() { keep /etc/default/docker; hs 'echo "DOCKER_OPTS=\"-H unix:///var/run/docker.sock\"" >>/etc/default/docker'; djset 'c["hosts"]=["unix:///var/run/docker.sock"]'; drestart 20; }
heal() { djback; drestart; }
cleanup() { back /etc/default/docker; drestart; }
symptom() { dead_daemon; }
