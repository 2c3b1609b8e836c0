desc="daemon.json: UTF-16 (PowerShell redirect)"
kind=break expect=daemon-json-encoding breaks=run
evidence="first bytes ff fe; log: invalid character"
fix="save as UTF-8"
inject() { keep "$DJ"; hs 'iconv -t UTF-16 /etc/docker/daemon.json >/run/lab/dj16 && cat /run/lab/dj16 >/etc/docker/daemon.json'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
