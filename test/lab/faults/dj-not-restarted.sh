desc="daemon.json is right, but dockerd has not been restarted since"
kind=break expect=daemon-config-not-loaded breaks=pull-insecure
evidence="mtime of daemon.json is later than dockerd's start; docker info lacks the setting"
fix="service docker restart (or kill -HUP for reloadable keys)"
inject() { djset 'c.pop("insecure-registries"); c.pop("registry-mirrors")'; drestart; web_wait; sleep 1; djback; h touch "$DJ"; }
heal() { drestart; }
symptom() { h docker pull "$PEER_IP:5000/bulk:1"; echo "exit status $?"; hs 'grep -n insecure /etc/docker/daemon.json; docker info 2>/dev/null | grep -A2 -i "insecure reg"'; }
