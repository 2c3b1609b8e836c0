desc="DOCKER_API_VERSION newer than the daemon speaks"
kind=break expect=api-version-mismatch breaks=run
evidence="env DOCKER_API_VERSION=1.52; docker version: server API 1.41"
fix="unset DOCKER_API_VERSION"
inject() { hs 'echo DOCKER_API_VERSION=1.52 >>/etc/environment'; }
heal() { hs 'sed -i /DOCKER_API_VERSION/d /etc/environment'; }
symptom() { h docker ps; echo "exit status $?"; }
