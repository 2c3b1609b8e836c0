desc="daemon.json was broken after dockerd started: the next restart or reboot will fail"
kind=risk expect=daemon-json-syntax
evidence="/etc/docker/daemon.json does not parse; dockerd still runs"
fix="repair the file before restarting"
inject() { djraw '{\n  "storage-driver": "overlay2",\n}\n'; }
heal() { djback; }
symptom() { h docker ps -q; hs 'timeout 5 dockerd --config-file /etc/docker/daemon.json -p /run/lab/x.pid -H unix:///run/lab/x.sock 2>&1 | tail -n 1'; }
risk_bad() { ! hs 'python3 -m json.tool </etc/docker/daemon.json >/dev/null 2>&1 || python3 -m json.tool </etc/docker/daemon.json'; }
