desc="a drop-in adds an ExecStart without clearing the one before"
kind=break init=systemd expect=dropin-execstart breaks=run
finding=engine/service#severalStarts
evidence="systemd: docker.service has more than one ExecStart= setting, which is only allowed for Type=oneshot services"
fix="an empty ExecStart= before it; systemctl daemon-reload; systemctl start docker"
inject() {
    engine_stop
    printf '[Service]\nExecStart=%s -H fd:// --debug\n' "$(dockerd_path)" | dropin override.conf
    dstart 20
}
heal() { dropout override.conf; dstart; web_wait; }
symptom() { typed h systemctl start docker; hs 'journalctl -q --no-pager -n 20 | grep ExecStart'; typed h docker ps; }
