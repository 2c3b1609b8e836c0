desc="a dead context exists but is not the current one"
kind=decoy expect=none
evidence="docker context ls"
fix="none"
inject() { h docker context create staging --docker host=tcp://10.77.0.77:2376; }
heal() { hs 'docker context rm -f staging; rm -rf /root/.docker'; }
symptom() { h docker context ls; }
