# shellcheck shell=bash
# The words that faults are written in: the engine, its files, firewall, containers, and what a user sees. Sourced by lab.sh.

# ---- the engine, as Debian's own init script or systemd starts it
# d ARGS... : the CLI as root at the host's own socket, not fooled by faults of environment, context or client configuration
d() {
    in_ns host timeout -k 2 "$T_CMD" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent \
        /usr/bin/docker -H unix:///var/run/docker.sock "$@"
}
dockerd_alive() {
    if under_systemd; then
        hs 'case $(systemctl is-active docker) in active | activating) ;; *) exit 1 ;; esac'
    else
        hs 'p=$(cat /run/docker-ssd.pid) && [ -n "$p" ] && grep -q dockerd "/proc/$p/comm"' 2>/dev/null
    fi
}
# systemd refuses what was started too often within a minute
forgive_failures() { ! under_systemd || h systemctl reset-failed docker.service docker.socket containerd.service >/dev/null 2>&1; }
dstart() { # dstart [QUARTER-SECONDS] : until it answers or is seen to have died
    local i
    forgive_failures
    h service docker start >/dev/null 2>&1
    for ((i = 0; i < ${1:-60}; i++)); do
        T_CMD=3 d version >/dev/null 2>&1 && return 0
        [ "$i" -gt 4 ] && ! dockerd_alive && return 1
        sleep 0.25
    done
    return 1
}
dstop() { # also a dockerd that ignores the stop, and what a killed one left behind
    if under_systemd; then
        h systemctl stop docker.socket docker.service containerd.service >/dev/null 2>&1
    else
        h service docker stop >/dev/null 2>&1
    fi
    hs 'pkill -9 -x dockerd; pkill -9 -x containerd; rm -f /run/docker-ssd.pid' 2>/dev/null
    return 0
}
drestart() {
    dstop
    dstart "${1:-60}"
}
# its log, since the fault was injected
elog() {
    if under_systemd; then
        hs 'journalctl -q -u docker.service -o short --no-pager --since "$(cat /run/lab/since 2>/dev/null || echo -1h)"'
    else
        hs 'cat /var/log/docker.log'
    fi
}
elog_new() { hs ': >/var/log/docker.log; mkdir -p /run/lab; date "+%F %T.%N" >/run/lab/since'; }
dlog() { elog | tail -n "${1:-3}"; }
# the last fatal lines of its log
dfail() { elog | grep -vE 'level=(info|debug|warning)|containerd-shim|stream copy|cleanup: failed' | grep . | tail -n "${1:-2}"; }
# engine_env NAME=VALUE... : in the engine's environment, from its next start on; engine_env_back takes them away
engine_env() {
    if under_systemd; then
        printf '[Service]%b' "$(printf '\\nEnvironment="%s"' "$@")\n" | dropin lab-env.conf
    else
        keep /etc/default/docker
        printf 'export %s\n' "$@" | in_ns host tee -a /etc/default/docker >/dev/null
    fi
}
engine_env_back() {
    if under_systemd; then dropout lab-env.conf; else back /etc/default/docker; fi
}

# ---- systemd
DROPINS=/etc/systemd/system/docker.service.d
dropin() { # dropin FILE : what is piped in, beside docker.service
    in_ns host bash -c 'mkdir -p "$1" && cat >"$1/$2" && systemctl daemon-reload' - "$DROPINS" "$1"
}
dockerd_path() { hs 'command -v dockerd'; }
# containerd runs on
engine_stop() { h systemctl stop docker.socket docker.service; }
dropout() { hs "rm -f '$DROPINS/$1'; rmdir --ignore-fail-on-non-empty '$DROPINS'; systemctl daemon-reload"; }

# ---- files: keep the healthy copy once, put it back later
keep() {
    hs "k='/run/lab/keep/$1'; mkdir -p \"\${k%/*}\"; [ -e \"\$k\" ] || [ -e \"\$k.absent\" ] || cp -a '$1' \"\$k\" 2>/dev/null || : >\"\$k.absent\""
}
back() {
    hs "k='/run/lab/keep/$1'; [ -e \"\$k\" ] || [ -e \"\$k.absent\" ] || exit 0; rm -rf '$1' \"\$k.absent\"; [ ! -e \"\$k\" ] || mv \"\$k\" '$1'"
}
DJ=/etc/docker/daemon.json
djset() { # djset PYTHON : edit daemon.json, the dictionary c
    keep $DJ
    in_ns host python3 -c "
import json
c = json.load(open('$DJ'))
$1
open('$DJ', 'w').write(json.dumps(c, indent=2) + '\n')"
}
djraw() { # djraw TEXT : write it as it stands
    keep $DJ
    in_ns host bash -c 'printf "%b" "$1" >"$2"' - "$1" $DJ
}
djback() { back $DJ; }

# ---- firewall
ipt() { h iptables -w "$@"; }
nft_() { in_ns host nft "$@"; }

# ---- containers; the label says which port the LAN expects to be served
web_up() {
    d rm -f web hostnet >/dev/null 2>&1
    d run -d --name web --label lab.port=8081 --stop-timeout 1 --restart=always -p 8081:80 bb:1 httpd -f -p 80 -h /www >/dev/null &&
        d run -d --name hostnet --label lab.port=8090 --stop-timeout 1 --restart=always --network host bb:1 httpd -f -p 8090 -h /www >/dev/null
}
web_wait() { # until they serve again; a broken host never will, so it is no failure
    local i
    for ((i = 0; i < 24; i++)); do
        hs 'busybox wget -q -O /dev/null http://127.0.0.1:8081/ && busybox wget -q -O /dev/null http://127.0.0.1:8090/' >/dev/null 2>&1 && return 0
        sleep 0.25
    done
    return 0
}
app() { # app PUBLISH CMD... : one more container, which claims to serve port 8082
    local publish=$1
    shift
    d rm -f app >/dev/null 2>&1
    d run -d --stop-timeout 1 --name app --label lab.port=8082 -p "$publish" bb:1 "$@"
}
noapp() { d rm -f app; }

# ---- another file system as data-root, with the image and the web containers in it
altroot_mount() { # altroot_mount MOUNT-ARGS...
    dstop
    h mount "$@" /var/lib/docker && dstart 80 && load_image && web_up
}
altroot_loop() { # altroot_loop SIZE_MB MKFS-ARGS...
    local mb=$1 img
    shift
    img=$(st)/root.img
    rm -f "$img"
    truncate -s "${mb}M" "$img"
    mkfs.ext4 -q -F -m 0 "$@" "$img" && altroot_mount -o loop "$img"
}
altroot_umount() {
    dstop
    # first what is mounted under it: overlays of containers that were killed
    hs 'awk "\$5 ~ /^\/var\/lib\/docker\/./ { print \$5 }" /proc/self/mountinfo | sort -r | xargs -r -n1 umount -l; umount -l /var/lib/docker'
    dstart 80
    rm -f "$(st)/root.img"
}

# ---- what a user sees, for symptom()
xs() { case $1 in 124 | 143 | 137) echo "exit status $1 (no answer, timed out)" ;; *) echo "exit status $1" ;; esac; }
# typed WHO CMD... : as a person copies it from a terminal, with the command before what it says
typed() {
    echo "\$ ${*:2}"
    "$@" 2>&1
}
cping() { h docker run --rm bb:1 ping -c 2 -W 2 "${1:-$PEER_IP}"; xs $?; }
cget() { h docker run --rm --init bb:1 timeout 4 wget -q -O /dev/null "$1"; xs $?; }
pget() { p timeout 4 busybox wget -q -O /dev/null "$1"; xs $?; }
hget() { h timeout 4 busybox wget -q -O /dev/null "$1"; xs $?; }
dead_daemon() {
    h docker ps
    xs $?
    if under_systemd; then
        typed h systemctl status docker --no-pager | cat
        dfail 3
    else
        echo "/var/log/docker.log: $(dfail 2)"
    fi
}
