desc="the registry's certificate has expired"
kind=break expect=registry-cert-expired breaks=pull-tls
evidence="openssl s_client reg.lab.test:5443: notAfter 2021; x509: certificate has expired"
fix="renew the certificate on the registry"
inject() { cp "$CACHE/certs/expired.crt" "$(st)/ca.tmp"; hs "cp '$(st)/ca.tmp' /etc/docker/certs.d/reg.lab.test:5443/ca.crt"; tls_registry expired; sleep 0.5; }
heal() { tls_registry good; hs "cp '$CACHE/certs/good.crt' /etc/docker/certs.d/reg.lab.test:5443/ca.crt"; sleep 0.5; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; }
