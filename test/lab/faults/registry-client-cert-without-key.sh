desc="certs.d holds a client .cert without its .key: every use of that registry fails"
kind=break expect=certs-d-incomplete breaks=pull-tls
evidence="/etc/docker/certs.d/reg.lab.test:5443/client.cert without client.key"
fix="rename the CA to ca.crt (.cert means client certificate) or add the key"
inject() { hs 'cd /etc/docker/certs.d/reg.lab.test:5443 && cp ca.crt client.cert'; }
heal() { hs 'rm -f /etc/docker/certs.d/reg.lab.test:5443/client.cert'; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; hs 'ls /etc/docker/certs.d/*'; }
