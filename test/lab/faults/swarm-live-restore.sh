desc="live-restore was added to the configuration of a swarm node: the engine does not start"
kind=break expect=swarm-live-restore breaks=daemon
finding=engine/live-restore#withSwarm
evidence="daemon.json live-restore true; /var/lib/docker/swarm; log: --live-restore daemon configuration is incompatible with swarm mode"
fix="remove live-restore, start docker"
inject() { swarm_up; djset 'c["live-restore"]=True'; drestart; }
heal() { djback; drestart; web_wait; }
cleanup() { swarm_down; }
symptom() { dead_daemon; }
