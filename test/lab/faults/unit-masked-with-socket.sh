desc="docker.service and docker.socket are both masked"
kind=break init=systemd expect=unit-masked breaks=run
finding=engine/service#masked
evidence="systemctl is-enabled docker.service docker.socket: masked, masked"
fix="systemctl unmask docker.service docker.socket; systemctl start docker"
inject() { engine_stop; h systemctl mask docker.service docker.socket; }
heal() { h systemctl unmask docker.service docker.socket; dstart; web_wait; }
symptom() { typed h systemctl start docker; typed h docker ps; }
