desc="the private registry is stopped"
kind=break expect=registry-unreachable breaks=pull-tls
evidence="connect to reg.lab.test:5443 refused from the host itself"
fix="start the registry"
inject() { unbg peer tlsreg; }
heal() { tls_registry good; sleep 0.5; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; }
