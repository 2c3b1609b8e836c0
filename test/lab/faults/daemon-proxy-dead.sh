desc="the daemon's proxy is not there: no image is pulled"
kind=break expect=daemon-proxy-wrong breaks=pull-insecure
finding=registry/proxy#unreachable
evidence="/etc/default/docker export HTTP_PROXY=http://10.77.0.1:3999; connection refused"
fix="correct the proxy in the daemon's environment, restart"
inject() { engine_env HTTP_PROXY=http://10.77.0.1:3999 HTTPS_PROXY=http://10.77.0.1:3999; drestart; web_wait; }
heal() { engine_env_back; drestart; web_wait; }
symptom() { h docker pull "$PEER_IP:5000/bulk:1"; xs $?; h docker info --format '{{.HTTPProxy}}'; }
