desc="HTTPS_PROXY of the engine says https:// for a proxy that speaks plain HTTP"
kind=break init=systemd expect=proxy-scheme breaks=pull-tls
finding=registry/proxy#speaksPlain
evidence="docker info: HTTPS Proxy: https://10.77.0.1:3128; proxyconnect tcp: tls: first record does not look like a TLS handshake"
fix="http:// in its place; systemctl daemon-reload; systemctl restart docker"
inject() {
    # with the machine's own name servers a proxy would not find reg.lab.test
    bg peer proxy unshare -m sh -c "{ cat /etc/hosts; echo $PEER_IP reg.lab.test; } >/run/hosts; mount --bind /run/hosts /etc/hosts; exec python3 $LAB/lib/proxyd.py $PEER_IP 3128"
    engine_env HTTPS_PROXY=https://10.77.0.1:3128
    drestart
    web_wait
}
heal() { engine_env_back; drestart; web_wait; }
cleanup() { unbg peer proxy; }
symptom() { typed h docker pull reg.lab.test:5443/bulk:1; }
