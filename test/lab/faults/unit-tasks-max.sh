desc="a drop-in leaves the engine room for one more task"
kind=risk init=systemd expect=daemon-tasks-limit
evidence="systemctl show -p TasksCurrent -p TasksMax docker"
fix="TasksMax=infinity; systemctl daemon-reload; systemctl restart docker"
inject() {
    local now
    now=$(h systemctl show -p TasksCurrent --value docker)
    printf '[Service]\nTasksMax=%s\n' $((now + 1)) | dropin limits.conf
}
heal() { dropout limits.conf; drestart; web_wait; }
symptom() { typed h systemctl show -p TasksCurrent -p TasksMax docker; echo 'runtime/cgo: pthread_create failed: Resource temporarily unavailable'; }
risk_bad() { hs '[ "$(systemctl show -p TasksMax --value docker)" -lt 200 ]'; }
