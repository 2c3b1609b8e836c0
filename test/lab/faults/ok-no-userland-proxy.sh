desc="userland-proxy false: no docker-proxy processes"
kind=decoy expect=none
evidence="daemon.json userland-proxy false; no docker-proxy process"
fix="none"
inject() { djset 'c["userland-proxy"]=False'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { hs 'pgrep -c docker-proxy; docker port web'; }
