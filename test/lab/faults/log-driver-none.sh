desc="log-driver none: docker logs has nothing to read"
kind=break expect=log-driver-not-readable breaks=logs
evidence="daemon.json log-driver none"
fix="log-driver json-file/local"
inject() { djset 'c["log-driver"]="none"; c.pop("log-opts")'; drestart 30; web_up; web_wait; }
heal() { djback; drestart; web_up; }
symptom() { h docker logs web; echo "exit status $?"; }
