desc="daemon.json: // comment"
kind=break expect=daemon-json-syntax breaks=run
evidence="/etc/docker/daemon.json line 2; log"
fix="remove the comment"
inject() { djraw '{\n  // mirror of the office\n  "storage-driver": "overlay2"\n}\n'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
