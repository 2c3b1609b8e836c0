desc="docker.service is masked: systemd refuses to start it"
kind=break init=systemd expect=unit-masked breaks=run
finding=engine/service#masked
evidence="systemctl is-enabled docker: masked; /etc/systemd/system/docker.service -> /dev/null"
fix="systemctl unmask docker; systemctl start docker"
inject() { engine_stop; h systemctl mask docker.service; }
heal() { h systemctl unmask docker.service; dstart; web_wait; }
symptom() { typed h systemctl start docker; typed h docker ps; }
