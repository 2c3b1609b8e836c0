desc="credsStore names a helper that is not installed (config copied from Docker Desktop)"
kind=break expect=credential-helper-missing breaks=login
evidence="~/.docker/config.json credsStore: desktop; docker-credential-desktop not in PATH"
fix="remove credsStore from ~/.docker/config.json (or install the helper)"
inject() { hs 'mkdir -p /root/.docker; echo "{\"credsStore\":\"desktop\"}" >/root/.docker/config.json'; }
heal() { hs 'echo "{}" >/root/.docker/config.json'; }
cleanup() { hs 'rm -rf /root/.docker'; }
symptom() { hs 'echo lab | docker login -u lab --password-stdin reg.lab.test:5443'; echo "exit status $?"; h docker pull -q "$PEER_IP:5000/bulk:1"; echo "pull without credentials: exit status $?"; }
