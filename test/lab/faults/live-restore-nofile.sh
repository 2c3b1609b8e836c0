desc="few open files for the engine, whose containers outlive its restart"
kind=risk init=systemd expect=daemon-nofile-limit
finding=engine/limits#fewFiles
evidence="/proc/PID/limits of dockerd: Max open files 512; live-restore: true"
fix="a sane LimitNOFILE; systemctl daemon-reload; systemctl restart docker; containers run on"
inject() {
    djset 'c["live-restore"]=True'
    printf '[Service]\nLimitNOFILE=512\n' | dropin limits.conf
    drestart
    web_wait
    hs 'docker inspect -f "{{.State.Pid}}" web >/run/lab/web.pid'
}
heal() { dropout limits.conf; drestart; }
cleanup() { djback; drestart; web_wait; hs 'rm /run/lab/web.pid'; }
symptom() { hs 'grep "open files" "/proc/$(cat /run/docker.pid)/limits"'; echo 'dockerd: accept4: too many open files'; }
# not cured either where the container was stopped for it
risk_bad() { hs '[ "$(awk "/Max open files/ { print \$5 }" "/proc/$(cat /run/docker.pid)/limits")" -lt 1024 ] || { [ -e /run/lab/web.pid ] && [ "$(docker inspect -f "{{.State.Pid}}" web)" != "$(cat /run/lab/web.pid)" ]; }'; }
