desc="the program in a container listens on another port than the one that is published"
kind=break expect=container-port-mismatch breaks=published
container=app finding=container/listening#nothing
evidence="docker exec app netstat -ltn: port 8000; docker port app: 80/tcp -> 0.0.0.0:8082"
fix="publish the port that it listens on (-p 8082:8000), or have it listen on 80"
inject() { app 8082:80 httpd -f -p 8000 -h /www; }
heal() { app 8082:8000 httpd -f -p 8000 -h /www; }
cleanup() { noapp; }
symptom() { pget "http://$HOST_IP:8082/"; hget http://127.0.0.1:8082/; }
