desc="bip of its own that overlaps nothing"
kind=decoy expect=none
evidence="daemon.json bip 172.26.0.1/24"
fix="none"
inject() { djset 'c["bip"]="172.26.0.1/24"'; drestart; web_wait; }
heal() { djset 'c["bip"]="172.17.0.1/16"'; drestart; }
cleanup() { djback; }
symptom() { h ip -br addr show docker0; }
