#!/bin/bash
# In the virtual machine: brings the host into the state that its recipe wants, records it, hands the files out.
export HOME=/root LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /opt/record || exit
start() { :; }
as_alice() { runuser -u alice -- "$@"; }
as_user() { as_alice "$@"; }
import_image() { docker import -c 'CMD ["sh"]' busybox.tar busybox:latest; }
# An emulated machine is slow: what takes too long there is no property of the host.
cat >patient.cjs <<'EOF'
const { setTimeout, AbortSignal } = globalThis
globalThis.setTimeout = Object.assign((then, ms, ...rest) => setTimeout(then, 10 * ms, ...rest), setTimeout)
const { timeout } = AbortSignal
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, 10 * ms)
EOF
until_complete() { # FILE [AS]
    for _ in 1 2 3 4; do
        ${2:-} /opt/record/node --require /opt/record/patient.cjs /opt/record/dist/seaworthy.cjs snapshot --timeout 100 -o "$1"
        grep -q '"state": "timeout"' "$1" || return
        sleep 5
    done
}
# shellcheck source=/dev/null
. ./recipe
{
    start
    for _ in $(seq 60); do
        systemctl is-system-running 2>/dev/null | grep -Eq 'running|degraded' && break
        sleep 0.5
    done
    systemctl --failed --no-legend
    install -d -o alice /home/alice/record
    until_complete root.json
    cd /home/alice && until_complete record/user.json as_user
    ps -ef
} >/opt/record/log 2>&1
tar cf /dev/vdb -C /opt/record root.json log -C /home/alice/record user.json
sync
systemctl poweroff --force --force
