desc="docker client not installed (only the daemon)"
kind=break expect=cli-missing breaks=run
evidence="command -v docker fails; dockerd runs, socket answers"
fix="install the client (docker-cli)"
inject() { hs 'mv /usr/bin/docker /usr/bin/docker.away'; }
heal() { hs 'mv /usr/bin/docker.away /usr/bin/docker'; }
symptom() { hs 'docker ps; pgrep -a dockerd'; }
