desc="a database port is published on all addresses; the host firewall's INPUT rule does not protect it"
kind=risk expect=published-bypasses-firewall
evidence="docker port db: 0.0.0.0:5432; iptables INPUT drops 5432, DOCKER chain accepts it"
fix="publish on 127.0.0.1, or a rule in DOCKER-USER"
inject() { ipt -A INPUT -i eth0 -p tcp --dport 5432 -j DROP; d run -d --stop-timeout 1 --name db -p 5432:5432 bb:1 httpd -f -p 5432 -h /www; }
heal() { d rm -f db; d run -d --stop-timeout 1 --name db -p 127.0.0.1:5432:5432 bb:1 httpd -f -p 5432 -h /www; }
cleanup() { d rm -f db; ipt -F INPUT; }
symptom() { pget "http://$HOST_IP:5432/"; hs 'iptables -S INPUT | grep 5432; docker port db'; }
risk_bad() { p timeout 4 busybox wget -q -O - "http://$HOST_IP:5432/"; }
