desc="a drop-in starts a dockerd that is not there"
kind=break init=systemd expect=dropin-execstart breaks=run
finding=engine/service#programMissing
evidence="ExecStart=/usr/local/bin/dockerd; status=203/EXEC"
fix="the right path; systemctl daemon-reload; systemctl start docker"
inject() {
    engine_stop
    printf '[Service]\nExecStart=\nExecStart=/usr/local/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock\n' | dropin override.conf
    dstart 20
}
heal() { dropout override.conf; dstart; web_wait; }
symptom() { dead_daemon; }
