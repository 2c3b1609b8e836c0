desc="cgroup pids limit of all containers is used up (TasksMax, parent slice)"
kind=break expect=pids-limit breaks=run
evidence="/sys/fs/cgroup/pids/docker/pids.max = 3, pids.current at the limit"
fix="echo max > pids.max (raise TasksMax / pids limit of the parent)"
inject() { hs 'echo 3 >/sys/fs/cgroup/pids/docker/pids.max'; }
heal() { hs 'echo max >/sys/fs/cgroup/pids/docker/pids.max'; }
symptom() { h docker run --rm bb:1 sh -c 'sleep 1 & sleep 1 & wait'; echo "exit status $?"; hs 'cd /sys/fs/cgroup/pids/docker; echo "max $(cat pids.max) current $(cat pids.current)"; cat pids.events'; }
