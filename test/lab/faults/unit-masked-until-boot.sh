desc="docker.socket is masked until the next boot, and the engine takes its socket from it"
kind=break init=systemd expect=unit-masked breaks=run
finding=engine/service#masked
evidence="/run/systemd/system/docker.socket -> /dev/null"
fix="systemctl unmask --runtime docker.socket; systemctl start docker"
inject() { engine_stop; h systemctl mask --runtime docker.socket; }
heal() { h systemctl unmask --runtime docker.socket; dstart; web_wait; }
symptom() { typed h systemctl start docker; typed h docker ps; }
