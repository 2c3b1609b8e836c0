desc="CA lies under certs.d in a folder without the port"
kind=break expect=registry-cert-untrusted breaks=pull-tls
evidence="/etc/docker/certs.d/reg.lab.test (no :5443)"
fix="folder name must be host:port as in the image name"
inject() { hs 'mv /etc/docker/certs.d/reg.lab.test:5443 /etc/docker/certs.d/reg.lab.test'; }
heal() { hs 'mv /etc/docker/certs.d/reg.lab.test /etc/docker/certs.d/reg.lab.test:5443'; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; hs 'ls /etc/docker/certs.d'; }
