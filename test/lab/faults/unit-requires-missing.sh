desc="a drop-in requires a service that is not there any more"
kind=break init=systemd expect=unit-requirement breaks=run
finding=engine/service#requirementMissing
evidence="Requires=docker-storage-setup.service; systemd: Unit docker-storage-setup.service not found"
fix="take it out; systemctl daemon-reload; systemctl start docker"
inject() {
    engine_stop
    printf '[Unit]\nRequires=docker-storage-setup.service\n' | dropin storage.conf
    dstart 20
}
heal() { dropout storage.conf; dstart; web_wait; }
symptom() { typed h systemctl start docker; typed h docker ps; }
