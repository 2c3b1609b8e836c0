desc="daemon.json has the engine listen on a port that a program of the host holds"
kind=break expect=daemon-port-in-use breaks=daemon
finding=network/ports#engineBarred
evidence="daemon.json hosts tcp://127.0.0.1:8088; ss -ltnp: busybox on 8088; log: bind: address already in use"
fix="another port, or none"
inject() { djset 'c["hosts"]=["unix:///var/run/docker.sock","tcp://127.0.0.1:8088"]'; drestart; }
heal() { djback; drestart; web_wait; }
symptom() { dead_daemon; hs 'ss -ltnp sport = :8088'; }
