desc="the program in a container listens on its own 127.0.0.1: the port is published, and nobody gets in"
kind=break expect=container-listens-on-loopback breaks=published
container=app finding=container/listening#loopback
evidence="docker exec app netstat -ltn: 127.0.0.1:80; docker port app: 80/tcp -> 0.0.0.0:8082"
fix="let the program listen on 0.0.0.0"
inject() { app 8082:80 httpd -f -p 127.0.0.1:80 -h /www; }
heal() { app 8082:80 httpd -f -p 0.0.0.0:80 -h /www; }
cleanup() { noapp; }
symptom() { pget "http://$HOST_IP:8082/"; hget http://127.0.0.1:8082/; }
