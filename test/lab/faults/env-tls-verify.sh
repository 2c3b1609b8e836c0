desc="DOCKER_TLS_VERIFY set without certificates"
kind=break expect=docker-tls-env breaks=run
evidence="env DOCKER_TLS_VERIFY=1; no ~/.docker/ca.pem"
fix="unset DOCKER_TLS_VERIFY / DOCKER_CERT_PATH"
inject() { hs 'printf "DOCKER_TLS_VERIFY=1\nDOCKER_HOST=tcp://127.0.0.1:2376\n" >>/etc/environment'; }
heal() { hs 'sed -i /DOCKER_/d /etc/environment'; }
symptom() { h docker ps; echo "exit status $?"; }
