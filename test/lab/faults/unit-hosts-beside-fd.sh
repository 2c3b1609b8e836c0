desc="hosts in daemon.json beside -H fd:// of the unit"
kind=break init=systemd expect=daemon-hosts-conflict breaks=run
evidence="unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives are specified both as a flag and in the configuration file: hosts"
fix="a drop-in that clears ExecStart and starts dockerd without -H, or no hosts in daemon.json"
inject() { engine_stop; djset 'c["hosts"]=["fd://", "tcp://127.0.0.1:2375"]'; dstart 20; }
heal() { djback; dstart; web_wait; }
symptom() { dead_daemon; }
