desc="log driver local without log-opts (rotates by itself)"
kind=decoy expect=none
evidence="daemon.json log-driver local, no log-opts"
fix="none"
inject() { djset 'c["log-driver"]="local"; c.pop("log-opts")'; drestart; web_up; web_wait; }
heal() { djback; drestart; web_up; }
symptom() { h docker inspect -f '{{.HostConfig.LogConfig}}' web; }
