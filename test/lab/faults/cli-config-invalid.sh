desc="~/.docker/config.json is not JSON: logins, proxies and contexts in it are ignored"
kind=risk expect=cli-config-invalid
evidence="~/.docker/config.json does not parse"
fix="repair or remove ~/.docker/config.json"
inject() { hs "mkdir -p /root/.docker; echo \"{'auths': {}}\" >/root/.docker/config.json"; }
heal() { hs 'rm -rf /root/.docker'; }
symptom() { h docker ps -q; echo "exit status $?"; }
risk_bad() { hs 'docker ps -q 2>&1 >/dev/null | grep -i "error loading config file"'; }
