desc="config.json names a context that does not exist"
kind=break expect=docker-context-missing breaks=run
evidence="~/.docker/config.json currentContext: gone"
fix="docker --context default context use default (plain 'docker context use default' fails with the same error), or edit config.json"
inject() { hs 'mkdir -p /root/.docker; echo "{\"currentContext\":\"gone\"}" >/root/.docker/config.json'; }
heal() { h docker --context default context use default; }
cleanup() { hs 'rm -rf /root/.docker'; }
symptom() { h docker ps; echo "exit status $?"; h docker context use default; }
