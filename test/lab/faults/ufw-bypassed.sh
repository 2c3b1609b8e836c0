desc="ufw denies 5432, and the database container is open to the LAN all the same"
kind=risk expect=published-bypasses-firewall
finding=firewall/ufw#bypass
evidence="ufw status: 5432/tcp DENY; docker port db: 0.0.0.0:5432"
fix="publish on 127.0.0.1, or a rule in DOCKER-USER"
inject() {
    ufw_up 'allow 8090/tcp' 'allow in on docker0' 'deny 5432/tcp'
    d run -d --stop-timeout 1 --restart unless-stopped --name db -p 5432:5432 bb:1 httpd -f -p 5432 -h /www
}
heal() { d rm -f db; d run -d --stop-timeout 1 --restart unless-stopped --name db -p 127.0.0.1:5432:5432 bb:1 httpd -f -p 5432 -h /www; }
cleanup() { d rm -f db; ufw_down; }
symptom() { pget "http://$HOST_IP:5432/"; hs 'ufw status; docker port db'; }
risk_bad() { p timeout 4 busybox wget -q -O - "http://$HOST_IP:5432/"; }
