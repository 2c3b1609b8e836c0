desc="daemon.json: missing comma between two keys"
kind=break expect=daemon-json-syntax breaks=run
evidence="/etc/docker/daemon.json line 3; log"
fix="add the comma"
inject() { djraw '{\n  "storage-driver": "overlay2"\n  "log-driver": "json-file"\n}\n'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
