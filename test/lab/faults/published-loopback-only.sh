desc="port published on 127.0.0.1 only: works on the host, not from the LAN"
kind=break expect=published-on-loopback breaks=published
evidence="docker port app: 80/tcp -> 127.0.0.1:8082"
fix="publish on 0.0.0.0 (-p 8082:80)"
inject() { app 127.0.0.1:8082:80 httpd -f -p 80 -h /www; }
heal() { app 8082:80 httpd -f -p 80 -h /www; }
cleanup() { noapp; }
symptom() { pget "http://$HOST_IP:8082/"; hget http://127.0.0.1:8082/; hs 'docker port app'; }
