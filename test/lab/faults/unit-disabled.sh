desc="docker.service and docker.socket are disabled: the engine is gone after the next boot"
kind=risk init=systemd expect=unit-not-enabled
finding=engine/service#notEnabled
evidence="systemctl is-enabled docker.service docker.socket: disabled, disabled"
fix="systemctl enable docker"
inject() { h systemctl disable docker.service docker.socket; }
heal() { h systemctl enable docker.service docker.socket; }
symptom() { typed h systemctl is-enabled docker.service docker.socket; echo "docker does not start at boot"; }
risk_bad() { ! h systemctl -q is-enabled docker.service; }
