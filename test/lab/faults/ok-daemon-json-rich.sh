desc="daemon.json has features, labels, a shutdown timeout and debug: all known to this engine"
kind=decoy expect=none
evidence="daemon.json: labels, debug, shutdown-timeout, max-concurrent-downloads"
fix="none"
inject() { djset 'c.update({"labels":["rack=7"],"debug":True,"shutdown-timeout":5,"max-concurrent-downloads":2,"features":{"buildkit":False}})'; drestart; web_wait; }
heal() { djback; drestart; web_wait; }
symptom() { hs 'docker info 2>/dev/null | grep -A3 -iE "labels|debug"'; }
