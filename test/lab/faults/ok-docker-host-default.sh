desc="DOCKER_HOST set to the normal socket"
kind=decoy expect=none
evidence="/etc/environment DOCKER_HOST=unix:///var/run/docker.sock"
fix="none"
inject() { hs 'echo DOCKER_HOST=unix:///var/run/docker.sock >>/etc/environment'; }
heal() { hs 'sed -i /DOCKER_HOST/d /etc/environment'; }
symptom() { h docker ps -q; }
