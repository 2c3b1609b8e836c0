desc="daemon.json: trailing comma"
kind=break expect=daemon-json-syntax breaks=run
evidence="/etc/docker/daemon.json line 3; log: unable to configure the Docker daemon"
fix="remove the comma, start docker"
inject() { djraw '{\n  "storage-driver": "overlay2",\n  "log-driver": "json-file",\n}\n'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
