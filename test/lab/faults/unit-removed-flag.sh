desc="a drop-in gives dockerd a flag that this version does not have any more"
kind=break init=systemd expect=daemon-flag-removed breaks=run
finding=engine/service#removedFlag
evidence="ExecStart=... --disable-legacy-registry; unknown flag: --disable-legacy-registry"
fix="take the flag out; systemctl daemon-reload; systemctl start docker"
inject() {
    engine_stop
    printf '[Service]\nExecStart=\nExecStart=%s -H fd:// --containerd=/run/containerd/containerd.sock --disable-legacy-registry\n' "$(dockerd_path)" | dropin override.conf
    dstart 20
}
heal() { dropout override.conf; dstart; web_wait; }
symptom() { dead_daemon; }
