# shellcheck shell=bash
# The machines: namespaces, cgroups and links; entering them; taking them away. Sourced by lab.sh, which sets LAB and NAME.

# shellcheck disable=SC2034
HOST_IP=10.77.0.2 PEER_IP=10.77.0.1 PEER2_IP=10.77.0.200 FAR_IP=203.0.113.10
T_CMD=${T_CMD:-25}
CGROUPS=/sys/fs/cgroup

say() { echo "lab: $*" >&2; }
die() { say "$@"; exit 2; }
st() { echo "$LAB/.state/$NAME"; }
netns() { case $1 in host) echo "dl-$NAME" ;; peer) echo "dl-$NAME-p" ;; far) echo "dl-$NAME-f" ;; esac; }
initpid() { cat "$(st)/$1.pid" 2>/dev/null; }
under_systemd() { [ "${LAB_INIT:-}" = systemd ]; }
isup() {
    local pid
    pid=$(initpid host)
    [ -d "/proc/${pid:-none}" ]
}

# the hierarchies that a host gets a group in; the last two only where the machine has them
hierarchies() {
    local c
    for c in cpu cpuacct cpuset memory devices freezer blkio pids; do echo "$c"; done
    for c in systemd unified; do [ -e "$CGROUPS/$c/cgroup.procs" ] && echo "$c"; done
}
join_cgroups() {
    local c
    for c in $(hierarchies); do echo "$BASHPID" >"$CGROUPS/$c/dl-$NAME/cgroup.procs"; done
}

# in_ns ROLE CMD... : run CMD in all namespaces of a machine
in_ns() {
    local role=$1 pid cg=()
    shift
    pid=$(initpid "$role")
    if [ ! -d "/proc/${pid:-none}" ]; then
        say "$NAME/$role is not up"
        return 125
    fi
    # fd 3: only this shell's own "Killed" notices go to /dev/null, not the command's messages
    {
        (
            [ "$role" = host ] && join_cgroups 2>/dev/null && cg=(-C)
            exec nsenter -t "$pid" -m -n -p -u -i "${cg[@]}" -- "$@"
        ) 2>&3 3>&-
    } 3>&2 2>/dev/null
}

# h CMD... as root in the host; u CMD... as the test user; hs, us take one shell script; p in the peer, f in the far server
h() { in_ns host "$LAB/lib/login.sh" root "$T_CMD" "$@"; }
hs() { h bash -c "$1"; }
u() { in_ns host "$LAB/lib/login.sh" tester "$T_CMD" "$@"; }
us() { u bash -c "$1"; }
p() { in_ns peer timeout -k 2 "$T_CMD" "$@"; }
f() { in_ns far timeout -k 2 "$T_CMD" "$@"; }

# bg ROLE TAG CMD... : a background process, remembered under TAG; unbg ROLE TAG ends it
bg() {
    local role=$1 tag=$2
    shift 2
    unbg "$role" "$tag"
    in_ns "$role" setsid -f bash -c 'mkdir -p /run/lab; echo $$ >"/run/lab/$0.pid"; exec "$@" >"/run/lab/$0.log" 2>&1 </dev/null' \
        "$tag" "$@" </dev/null >/dev/null 2>&1
    sleep 0.2
}
unbg() {
    in_ns "$1" bash -c 'f=/run/lab/$0.pid; [ -f "$f" ] || exit 0; pid=$(cat "$f"); rm -f "$f"
        kill "$pid" 2>/dev/null; for i in 1 2 3 4 5 6 7 8 9 10; do [ -d /proc/$pid ] || exit 0; sleep 0.1; done; kill -9 "$pid"' "$2"
    return 0
}

spawn() { # spawn ROLE : start PID 1 of a machine; it notes its own pid and says when it is ready
    local role=$1 cg=() i
    (
        [ "$role" = host ] && join_cgroups && cg=(-C)
        # everything in the machine ends with its PID 1
        exec setsid -f timeout -s KILL "${LAB_TTL:-28800}" nsenter --net="/run/netns/$(netns "$role")" \
            unshare -m -u -i -p "${cg[@]}" -f --kill-child=KILL -- "$LAB/lib/init.sh" "$role" "$NAME" "$(st)"
    ) </dev/null >"$(st)/$role.log" 2>&1
    for ((i = 0; i < 100; i++)); do
        [ -e "$(st)/$role.ready" ] && return 0
        sleep 0.05
    done
    cat "$(st)/$role.log" >&2
    return 1
}

booted() {
    under_systemd || return 0
    local i
    for ((i = 0; i < 100; i++)); do
        case $(h systemctl is-system-running 2>/dev/null) in running | degraded) return 0 ;; esac
        sleep 0.1
    done
    say "systemd does not come up"
    return 1
}

make_cgroups() {
    local c
    for c in $(hierarchies); do
        mkdir -p "$CGROUPS/$c/dl-$NAME" 2>/dev/null || { say "no cgroup v1 hierarchy '$c' in $CGROUPS"; return 1; }
    done
    for c in cpus mems; do cat "$CGROUPS/cpuset/cpuset.$c" >"$CGROUPS/cpuset/dl-$NAME/cpuset.$c"; done
}

# far server 203.0.113.10 -- 203.0.113.1 [peer: router] 10.77.0.1, 10.77.0.200 -- 10.77.0.2 eth0 [host]
make_network() {
    local host peer far ns
    host=$(netns host) peer=$(netns peer) far=$(netns far)
    for ns in "$host" "$peer" "$far"; do ip netns add "$ns" || return 1; done
    ip link add eth0 netns "$host" type veth peer name eth0 netns "$peer" || return 1
    ip link add wan0 netns "$peer" type veth peer name eth0 netns "$far" || return 1
    ip -n "$host" addr add $HOST_IP/24 dev eth0
    ip -n "$peer" addr add $PEER_IP/24 dev eth0
    ip -n "$peer" addr add $PEER2_IP/24 dev eth0
    ip -n "$peer" addr add 203.0.113.1/24 dev wan0
    ip -n "$far" addr add $FAR_IP/24 dev eth0
    for ns in "$host" "$peer" "$far"; do
        ip -n "$ns" link set lo up
        ip -n "$ns" link set eth0 up
        # a new namespace copies IPv4 settings from the machine: start from the kernel's defaults
        ip netns exec "$ns" sh -c 'cd /proc/sys/net/ipv4 && echo 0 >ip_forward
            for f in conf/*/rp_filter conf/*/route_localnet; do echo 0 >$f; done'
    done
    ip -n "$peer" link set wan0 up
    ip netns exec "$peer" sysctl -qw net.ipv4.ip_forward=1
    ip -n "$host" route add default via $PEER_IP
    ip -n "$far" route add default via 203.0.113.1
}

do_up() {
    local t0=$SECONDS
    isup && { say "$NAME is already up"; return 0; }
    do_down quiet
    mkdir -p "$(st)"
    if prepare_cache && make_cgroups && make_network && spawn host && spawn peer && spawn far &&
        booted && start_peers && set_up_host && fill_registry && web_up; then
        say "$NAME up in $((SECONDS - t0)) s"
    else
        say "cannot start $NAME"
        do_down quiet
        return 1
    fi
}

# Only our own PID 1s, and the unshare and the timeout that wait for them, by their full command line: a pid file may be stale.
kill_machines() {
    local role pid i
    for role in host peer far; do
        for pid in $(pgrep -f "init.sh $role $NAME $(st)\$"); do
            kill -9 "$pid" 2>/dev/null
            for ((i = 0; i < 50; i++)); do [ -d "/proc/$pid" ] || break; sleep 0.1; done
        done
    done
}
remove_cgroups() {
    local dir i
    for dir in "$CGROUPS"/*/"dl-$NAME"; do
        for ((i = 0; i < 30; i++)); do
            [ -d "$dir" ] || break
            find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.1
        done
    done
}
remove_state() {
    local dir i
    dir=$(st)
    [ -d "$dir" ] || return 0
    for ((i = 0; i < 20; i++)); do
        grep -q " $dir" /proc/self/mountinfo || break
        awk -v s="$dir" 'index($5, s) == 1 { print $5 }' /proc/self/mountinfo | sort -r | xargs -r -n1 umount -l
        sleep 0.1
    done
    rm -rf --one-file-system "$dir" 2>/dev/null || { sleep 1; rm -rf --one-file-system "$dir"; }
}
do_down() {
    local role ns
    kill_machines
    remove_cgroups
    for role in host peer far; do
        ns=$(netns $role)
        [ -e "/run/netns/$ns" ] && ip netns del "$ns"
    done
    remove_state
    [ "${1:-}" = quiet ] || say "$NAME down"
    [ ! -d "$(st)" ]
}
