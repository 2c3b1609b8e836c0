desc="a service container without restart policy: gone after a daemon restart or reboot"
kind=risk expect=restart-policy-missing
evidence="docker inspect app: RestartPolicy no"
fix="docker update --restart unless-stopped app"
inject() { app 8082:80 httpd -f -p 80 -h /www; }
heal() { d update --restart unless-stopped app; }
cleanup() { noapp; }
symptom() { drestart; web_wait; hs 'docker inspect -f "{{.Name}} {{.HostConfig.RestartPolicy.Name}}" app; docker ps -a --format "{{.Names}} {{.Status}}" | grep app'; d start app; }
risk_bad() { hs 'docker inspect -f "{{.HostConfig.RestartPolicy.Name}}" app | grep -x no'; }
