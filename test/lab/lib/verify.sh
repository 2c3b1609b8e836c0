# shellcheck shell=bash
# What a user would do on the host, as root and as the test user. Sourced by lab.sh.
# verify [CHECK...] prints "PASS check" or "FAIL check: the real output's last lines"; all of them without arguments.

INSIDE="ping http lan2 far bulk dns hostsvc"
CHECKS="host-far daemon user run $INSIDE published localhost old-container c2c user-net pull-insecure pull-tls pull-mirror build buildkit login volume limits logs"

v_host_far() { h timeout 4 busybox wget -q -O /dev/null "http://$FAR_IP/"; }
v_daemon() { h docker version; }
v_user() { u docker ps; }
v_run() { h docker run --rm bb:1 echo ok; }
v_localhost() { h timeout 4 busybox wget -q -O /dev/null http://127.0.0.1:8081/; }
v_old_container() { T_CMD=15 h docker exec web timeout 4 wget -q -O /dev/null "http://$PEER_IP:8080/"; }
v_c2c() { # on the default bridge, by address
    local ip
    ip=$(d inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' web) || return 1
    T_CMD=12 h docker run --rm --init bb:1 timeout 4 wget -q -O /dev/null "http://$ip/"
}
v_pull_insecure() { pull "$PEER_IP:5000/bulk:1"; }
v_pull_tls() { pull reg.lab.test:5443/bulk:1; }
v_pull_mirror() { T_CMD=40 pull hub:1; }
v_build() { h bash -c 'cd /srv/app && DOCKER_BUILDKIT=0 docker build -q --no-cache -t vbuild:1 . && docker rmi vbuild:1 >/dev/null'; }
v_buildkit() { h bash -c 'cd /srv/bk && DOCKER_BUILDKIT=1 timeout 15 docker build -q --no-cache -t vbk:1 . && docker rmi vbk:1 >/dev/null'; }
v_login() { # with a copy of the configuration, so that nothing changes
    T_CMD=15 h bash -c 'rm -rf /run/lab/dkc; mkdir -p /run/lab/dkc; [ -d ~/.docker ] && cp -a ~/.docker/. /run/lab/dkc/
        echo lab | docker --config /run/lab/dkc login -u lab --password-stdin reg.lab.test:5443'
}
v_limits() { # a memory limit takes hold, files and processes are available inside
    T_CMD=15 h docker run --rm -m 32m --pids-limit 100 bb:1 sh -c '
        m=$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null); [ "$m" = 33554432 ] || { echo "memory limit not applied: $m"; exit 1; }
        n=$(ulimit -n); [ "$n" = unlimited ] || [ "$n" -ge 1024 ] || { echo "nofile in container only $n"; exit 1; }
        for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 1 & done; wait'
}
v_logs() { h docker logs --tail 1 web; }

pull() {
    local rc
    d rmi "$1" >/dev/null 2>&1
    h docker pull "$1"
    rc=$?
    d rmi "$1" >/dev/null 2>&1
    return $rc
}
v_published() { # from the LAN to every port that the containers claim to serve
    local out name port bad=0
    out=$(d ps -a --filter label=lab.port --format '{{.Names}} {{.Label "lab.port"}}') || { echo "docker ps: $out"; return 1; }
    [ -n "$out" ] || { echo "no container claims to serve a port"; return 1; }
    while read -r name port; do
        out=$(d start "$name" 2>&1) || { echo "$out" | tail -n 1; bad=1; continue; }
        out=$(from_peer "http://$HOST_IP:$port/") || { echo "peer -> $name $HOST_IP:$port: $out"; bad=1; }
    done <<<"$out"
    return $bad
}
from_peer() { # a container that has just been started may need a moment
    local out _
    for _ in 1 2 3; do
        out=$(p timeout 4 busybox wget -q -O /dev/null "$1" 2>&1) && return 0
        [[ $out =~ refused|reset ]] || break
        sleep 0.5
    done
    echo "$out"
    return 1
}
v_user_net() {
    local rc=1
    d network rm vnet >/dev/null 2>&1
    h docker network create vnet >/dev/null || return 1
    if h docker run -d --rm --name vsrv --network vnet bb:1 httpd -f -p 80 -h /www >/dev/null; then
        T_CMD=15 h docker run --rm --network vnet bb:1 sh -c 'sleep 0.3; for i in 1 2; do timeout 4 wget -q -O /dev/null http://vsrv/ && exit 0; sleep 1; done; exit 1'
        rc=$?
    fi
    d rm -f vsrv >/dev/null 2>&1
    d network rm vnet >/dev/null 2>&1
    return $rc
}
v_volume() {
    local rc
    T_CMD=15 h docker run --rm -v vvol:/v bb:1 sh -c 'printf "#!/bin/sh\necho hi\n" >/v/x.sh && chmod +x /v/x.sh && /v/x.sh'
    rc=$?
    d volume rm vvol >/dev/null 2>&1
    return $rc
}

try() { # try CHECK CMD...
    local id=$1 out rc
    shift
    out=$("$@" 2>&1)
    rc=$?
    [ $rc = 0 ] && { echo "PASS $id"; return 0; }
    { [ $rc = 124 ] || [ $rc = 143 ]; } && out="$out (timed out)"
    echo "FAIL $id: $(printf '%s' "$out" | grep -v '^$' | tail -n 2 | tr '\n' ' ' | cut -c1-420)"
    return 1
}
inside() { # what a container does outwards, all at once in one container, each step bounded
    T_CMD=40 h docker run --rm bb:1 sh -c '
        t() {
            n=$1; shift
            o=$(timeout 4 "$@" 2>&1); r=$?
            if [ $r = 0 ]; then echo "PASS $n"; return; fi
            [ $r = 143 ] && o="$o (no answer in 4 s)"
            echo "FAIL $n: $(echo "$o" | tail -n 2 | tr "\n" " ")"
        }
        gw=$(ip route | sed -n "s/^default via \([0-9.]*\).*/\1/p")
        t ping ping -c1 -W2 "$1" &
        t http wget -q -O /dev/null "http://$1:8080/" &
        t lan2 wget -q -O /dev/null "http://$2:8080/" &
        t far wget -q -O /dev/null "http://$3/" &
        t bulk wget -q -O /dev/null "http://$3/big.bin" &
        t dns nslookup far.lab.test &
        t hostsvc wget -q -O /dev/null "http://${gw:-172.17.0.1}:8088/" &
        wait' inside "$PEER_IP" "$PEER2_IP" "$FAR_IP" 2>&1
}
try_inside() { # try_inside CHECK...
    local out id
    out=$(inside)
    for id in "$@"; do
        # a container that does not start passes nothing
        grep -E "^(PASS|FAIL) $id(:|\$)" <<<"$out" || echo "FAIL $id: $(tail -n 2 <<<"$out" | tr '\n' ' ' | cut -c1-420)"
    done
}

verify() { # when the engine does not answer, what needs it is not tried one by one
    local id asked=" $* " t0=$SECONDS out inner=()
    [ $# -gt 0 ] || asked=" $CHECKS "
    out=$(
        for id in $CHECKS; do
            [[ $asked == *" $id "* ]] || continue
            [[ " $INSIDE " == *" $id "* ]] && { inner+=("$id"); continue; }
            try "$id" "v_${id//-/_}" && continue
            [ "$id" = daemon ] && [ $# = 0 ] && { try user v_user; try run v_run; exit; }
        done
        [ ${#inner[@]} = 0 ] || try_inside "${inner[@]}"
    )
    echo "$out"
    echo "verify: $(grep -c ^FAIL <<<"$out") failed, $((SECONDS - t0)) s"
    [ -n "$out" ] && ! grep -q ^FAIL <<<"$out"
}
