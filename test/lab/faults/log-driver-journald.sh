desc="log-driver journald without journald"
kind=break init=sysv expect=log-driver-unavailable breaks=run
evidence="daemon.json log-driver journald; /run/systemd/journal/socket missing"
fix="log-driver json-file or local, restart"
inject() { djset 'c["log-driver"]="journald"; c.pop("log-opts")'; drestart 30; }
heal() { djback; drestart; }
symptom() { h docker run --rm bb:1 true; echo "exit status $?"; }
