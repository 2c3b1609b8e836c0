desc="certificate not valid yet: same symptom as a host clock that is behind"
kind=break expect=registry-cert-not-yet-valid breaks=pull-tls
evidence="x509: certificate has expired or is not yet valid: current time ... is before ..."
fix="set the clock (NTP) or, here, install a certificate that is valid now"
inject() { hs "cp '$CACHE/certs/future.crt' /etc/docker/certs.d/reg.lab.test:5443/ca.crt"; tls_registry future; sleep 0.5; }
heal() { tls_registry good; hs "cp '$CACHE/certs/good.crt' /etc/docker/certs.d/reg.lab.test:5443/ca.crt"; sleep 0.5; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; }
