desc="docker0 was taken down"
kind=break expect=docker0-down breaks=http
finding=network/docker-bridge#down
evidence="ip link show docker0: state DOWN"
fix="ip link set docker0 up"
inject() { h ip link set docker0 down; }
heal() { h ip link set docker0 up; }
symptom() { cping; pget "http://$HOST_IP:8081/"; h ip -br link show docker0; }
