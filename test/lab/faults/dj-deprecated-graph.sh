desc="daemon.json uses graph, which this engine still takes and the next ones refuse"
kind=risk expect=daemon-json-deprecated-key
finding=engine/config#doubtful
evidence="daemon.json graph; log: The \"graph\" config file option is deprecated"
fix="data-root"
inject() { djset 'c["graph"]="/var/lib/docker"'; drestart; web_wait; }
heal() { djback; drestart; web_wait; }
symptom() { elog | grep -i deprecated | tail -n 2; }
risk_bad() { hs 'grep graph /etc/docker/daemon.json'; }
