desc="DOCKER_HOST points at a TCP port nobody listens on"
kind=break expect=docker-host-env breaks=run
evidence="env DOCKER_HOST=tcp://127.0.0.1:2375 (from /etc/environment)"
fix="unset DOCKER_HOST, remove it from /etc/environment"
inject() { hs 'echo DOCKER_HOST=tcp://127.0.0.1:2375 >>/etc/environment'; }
heal() { hs 'sed -i /DOCKER_HOST/d /etc/environment'; }
symptom() { h docker ps; echo "exit status $?"; }
