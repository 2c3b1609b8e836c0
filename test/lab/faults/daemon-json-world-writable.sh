desc="daemon.json is writable for everybody"
kind=risk expect=daemon-json-permissions
evidence="stat /etc/docker/daemon.json: 0666"
fix="chmod 644"
inject() { h chmod 666 "$DJ"; }
heal() { h chmod 644 "$DJ"; }
symptom() { hs 'ls -l /etc/docker/daemon.json'; }
risk_bad() { hs 'find /etc/docker/daemon.json -perm -o+w | grep .'; }
