desc="dockerd is stopped (SIGSTOP / stuck in D state): every command hangs"
kind=break expect=daemon-hung breaks=run
evidence="connect to the socket works, no answer; /proc/PID/status State T"
fix="kill -CONT (here); a truly hung daemon is restarted"
inject() { hs 'kill -STOP $(cat /run/docker.pid)'; }
heal() { hs 'kill -CONT $(cat /run/docker.pid)'; }
symptom() { T_CMD=8 h docker ps; echo "exit status $? (124 = no answer in 8 s)"; hs 'grep State /proc/$(cat /run/docker.pid)/status'; }
