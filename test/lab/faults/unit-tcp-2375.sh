desc="a drop-in lets the engine listen on 0.0.0.0:2375 without TLS, as many pages advise"
kind=risk init=systemd expect=api-exposed
evidence="ExecStart=/usr/sbin/dockerd -H fd:// -H tcp://0.0.0.0:2375; ss -ltn"
fix="a drop-in without it; systemctl daemon-reload; systemctl restart docker"
inject() {
    printf '[Service]\nExecStart=\nExecStart=%s -H fd:// -H tcp://0.0.0.0:2375 --containerd=/run/containerd/containerd.sock\n' "$(dockerd_path)" | dropin override.conf
    T_CMD=60 drestart 120
    web_wait
}
heal() { dropout override.conf; drestart; web_wait; }
symptom() { hs 'ss -ltn "sport = :2375"; docker info 2>&1 | grep -i -A2 "warning: api"'; p /usr/bin/docker -H "tcp://$HOST_IP:2375" ps --format '{{.Names}}'; }
risk_bad() { p /usr/bin/docker -H "tcp://$HOST_IP:2375" version --format 'from the LAN: server {{.Server.Version}}'; }
