desc="dockerd was killed (OOM, kill -9): socket file and pid file stay"
kind=break init=sysv expect=daemon-not-running breaks=run
evidence="/var/run/docker.sock exists, connection refused; /var/run/docker.pid names a dead process"
fix="service docker start"
inject() { hs 'kill -9 $(cat /run/docker.pid)'; sleep 1; }
heal() { drestart; }
symptom() { h docker ps; echo "exit status $?"; hs 'ls -l /var/run/docker.sock /var/run/docker.pid; cat /var/run/docker.pid; pgrep -a dockerd'; }
