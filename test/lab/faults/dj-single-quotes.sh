desc="daemon.json: single quotes"
kind=break expect=daemon-json-syntax breaks=run
evidence="/etc/docker/daemon.json line 2; log"
fix="use double quotes"
inject() { djraw "{\n  'storage-driver': 'overlay2'\n}\n"; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
