desc="default-ulimits gives containers 16 open files"
kind=break expect=container-nofile-limit breaks=limits
evidence="daemon.json default-ulimits nofile; docker run ... ulimit -n"
fix="raise or remove default-ulimits, restart"
inject() { djset 'c["default-ulimits"]={"nofile":{"Name":"nofile","Soft":16,"Hard":16}}'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { h docker run --rm bb:1 sh -c 'ulimit -n; i=3; while [ $i -lt 40 ]; do eval "exec $i</dev/null" || exit 1; i=$((i+1)); done'; echo "exit status $?"; h docker run --rm bb:1 itest 30; }
