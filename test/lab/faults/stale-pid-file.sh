desc="docker.pid of a crashed engine names a process that lives, but is another program"
kind=break expect=stale-pid-file breaks=daemon
evidence="/var/run/docker.pid names a sleep; log: pid file found, ensure docker is not running or delete /var/run/docker.pid"
fix="rm /var/run/docker.pid; service docker start"
inject() { dstop; bg host impostor sleep 3600; hs 'cat /run/lab/impostor.pid >/run/docker.pid'; dstart; }
heal() { hs 'rm -f /run/docker.pid'; dstart; web_wait; }
cleanup() { unbg host impostor; }
symptom() { dead_daemon; hs 'ps -p "$(cat /run/docker.pid)"'; }
