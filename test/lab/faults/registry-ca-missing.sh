desc="CA of the private registry not in certs.d"
kind=break expect=registry-cert-untrusted breaks=pull-tls
evidence="/etc/docker/certs.d/reg.lab.test:5443/ca.crt missing"
fix="install the CA there"
inject() { hs 'mv /etc/docker/certs.d/reg.lab.test:5443/ca.crt /etc/docker/ca.away'; }
heal() { hs 'mv /etc/docker/ca.away /etc/docker/certs.d/reg.lab.test:5443/ca.crt'; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; }
