desc="bip is a network address, not a host address with mask"
kind=break expect=daemon-json-bad-value breaks=run
evidence="daemon.json bip 172.26.0.0/16; log"
fix="bip 172.26.0.1/16"
inject() { djset 'c["bip"]="172.26.0.1"'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
