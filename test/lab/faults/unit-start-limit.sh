desc="daemon.json is broken, and systemd has given up after too many starts"
kind=break init=systemd expect=daemon-json-syntax breaks=run
evidence="docker.service: Start request repeated too quickly; daemon.json does not parse"
fix="repair daemon.json; systemctl reset-failed docker; systemctl start docker"
inject() { engine_stop; djraw '{\n  "storage-driver": "overlay2",\n}\n'; h sh -c 'for _ in 1 2 3 4 5 6; do systemctl start docker; done'; }
heal() { djback; dstart; web_wait; }
symptom() { dead_daemon; typed h systemctl start docker; }
