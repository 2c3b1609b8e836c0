desc="settings are in /etc/docker/deamon.json (or .conf): dockerd never reads them"
kind=break expect=daemon-json-misnamed breaks=pull-insecure
evidence="/etc/docker has no daemon.json but deamon.json; docker info lacks the mirror"
fix="mv to /etc/docker/daemon.json, restart"
inject() { hs 'mv /etc/docker/daemon.json /etc/docker/deamon.json'; drestart; web_wait; }
heal() { hs 'mv /etc/docker/deamon.json /etc/docker/daemon.json'; drestart; }
symptom() { h docker pull "$PEER_IP:5000/bulk:1"; echo "exit status $?"; hs 'ls /etc/docker'; }
