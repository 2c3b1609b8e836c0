desc="certificate is for another name"
kind=break expect=registry-cert-wrong-name breaks=pull-tls
evidence="x509: certificate is valid for other.lab.test, not reg.lab.test"
fix="certificate with the right subjectAltName"
inject() { hs "cp '$CACHE/certs/wrongname.crt' /etc/docker/certs.d/reg.lab.test:5443/ca.crt"; tls_registry wrongname; sleep 0.5; }
heal() { tls_registry good; hs "cp '$CACHE/certs/good.crt' /etc/docker/certs.d/reg.lab.test:5443/ca.crt"; sleep 0.5; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; }
