desc="the pid file is of a former dockerd, and another program has its process id now"
kind=break expect=stale-pid-file breaks=run
finding=storage/integrity#stalePid
evidence="the process that /var/run/docker.pid names is no dockerd; log: pid file found"
fix="rm /var/run/docker.pid, service docker start"
inject() { dstop; hs 'setsid sleep 3600 >/dev/null 2>&1 </dev/null & echo $! >/run/docker.pid; cp /run/docker.pid /run/lab-sleeper.pid'; dstart 20; }
heal() { hs 'rm -f /run/docker.pid'; dstart; }
cleanup() { hs 'kill $(cat /run/lab-sleeper.pid) 2>/dev/null; rm -f /run/lab-sleeper.pid'; }
symptom() { dead_daemon; }
