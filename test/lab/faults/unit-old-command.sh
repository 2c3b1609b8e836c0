desc="a drop-in of old starts the engine as docker daemon"
kind=break init=systemd expect=daemon-flag-removed breaks=run
finding=engine/service#oldCommand
evidence="ExecStart=/usr/bin/docker daemon -H fd://"
fix="dockerd in its place; systemctl daemon-reload; systemctl start docker"
inject() {
    engine_stop
    printf '[Service]\nExecStart=\nExecStart=/usr/bin/docker daemon -H fd:// --storage-driver overlay2\n' | dropin docker.conf
    # overlay2 is in daemon.json, too
    djset 'del c["storage-driver"]'
    dstart 20
}
heal() { dropout docker.conf; djback; drestart; web_wait; }
cleanup() { djback; drestart; web_wait; }
symptom() { dead_daemon; }
