desc="the program of a container ended with an error, and nothing starts it again"
kind=break expect=container-ended breaks=published
container=app finding=container/running#ended
evidence="docker ps -a: Exited (3)"
fix="the program's own error (docker logs app)"
inject() { app 8082:80 sh -c 'echo "no configuration" >&2; exit 3'; }
heal() { app 8082:80 httpd -f -p 80 -h /www; }
cleanup() { noapp; }
symptom() { pget "http://$HOST_IP:8082/"; hs 'docker ps -a --filter name=app'; }
