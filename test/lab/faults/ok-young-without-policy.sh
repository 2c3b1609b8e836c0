desc="a container without restart policy that was made a moment ago: somebody tries something out"
kind=decoy expect=none
evidence="docker inspect app: RestartPolicy no, made now"
fix="docker update --restart unless-stopped app"
inject() { app 8082:80 httpd -f -p 80 -h /www; }
heal() { d update --restart unless-stopped app; }
cleanup() { noapp; }
symptom() { drestart; web_wait; hs 'docker inspect -f "{{.Name}} {{.HostConfig.RestartPolicy.Name}}" app; docker ps -a --format "{{.Names}} {{.Status}}" | grep app'; d start app; }
