desc="daemon.json is empty (0 bytes, after a full disk)"
kind=break expect=daemon-json-syntax breaks=run
evidence="/etc/docker/daemon.json has size 0; log: EOF (or: settings silently gone)"
fix="write {} or the real settings"
inject() { keep "$DJ"; hs ': >/etc/docker/daemon.json'; drestart 20; }
heal() { djback; drestart; }
symptom() { h docker pull "$PEER_IP:5000/bulk:1"; dead_daemon; }
