desc="proxy is right for the outside, but NO_PROXY lacks the local registry: the proxy refuses it"
kind=break expect=daemon-no-proxy breaks=pull-insecure
evidence="docker info: HTTP Proxy set, No Proxy lacks 10.77.0.0/24 and reg.lab.test"
fix="NO_PROXY=10.77.0.0/24,.lab.test in the daemon's environment, restart"
inject() {
    mkdir -p "$CACHE/empty"
    bg peer proxy busybox httpd -f -p 3128 -h "$CACHE/empty"
    engine_env HTTP_PROXY=http://10.77.0.1:3128 HTTPS_PROXY=http://10.77.0.1:3128
    drestart; web_wait
}
heal() { engine_env HTTP_PROXY=http://10.77.0.1:3128 HTTPS_PROXY=http://10.77.0.1:3128 NO_PROXY=10.77.0.0/24,.lab.test,localhost,127.0.0.1; drestart; }
cleanup() { engine_env_back; unbg peer proxy; drestart; }
symptom() { T_CMD=60 h docker pull "$PEER_IP:5000/bulk:1"; T_CMD=60 h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; hs 'docker info 2>/dev/null | grep -i proxy'; }
