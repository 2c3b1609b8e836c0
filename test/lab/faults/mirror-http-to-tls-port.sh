desc="mirror given as http:// but the port speaks TLS"
kind=break expect=registry-scheme-mismatch breaks=pull-mirror
evidence="daemon.json http://mirror.lab.test:5443; answer 400 Client sent an HTTP request to an HTTPS server"
fix="https://mirror.lab.test:5443 plus its CA"
inject() { djset 'c["registry-mirrors"]=["http://mirror.lab.test:5443"]'; drestart; web_wait; }
heal() { djset 'c["registry-mirrors"]=["https://mirror.lab.test:5443"]'; hs 'mkdir -p /etc/docker/certs.d/mirror.lab.test:5443; cp /etc/docker/certs.d/reg.lab.test:5443/ca.crt /etc/docker/certs.d/mirror.lab.test:5443/'; drestart; }
cleanup() { hs 'rm -rf /etc/docker/certs.d/mirror.lab.test:5443'; djback; drestart; }
symptom() { h docker pull hub:1; echo "exit status $?"; elog | grep -E "next endpoint|v2 registry|Handler for POST|mirror" | tail -n 3; hget http://mirror.lab.test:5443/v2/; }
