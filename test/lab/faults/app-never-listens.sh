desc="a container runs and its program never listens (it waits for something, or has hung)"
kind=break expect=container-port-mismatch breaks=published
container=app finding=container/listening#silent
evidence="docker exec app netstat -ltn is empty"
fix="see what it waits for (docker logs app), start it again"
inject() { app 8082:80 sleep 3600; }
heal() { app 8082:80 httpd -f -p 80 -h /www; }
cleanup() { noapp; }
symptom() { pget "http://$HOST_IP:8082/"; hget http://127.0.0.1:8082/; }
