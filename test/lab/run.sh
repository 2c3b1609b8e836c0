#!/bin/bash
# Runs Seaworthy against real hosts with real faults.
# usage: run.sh [sample | all | FAULT...]
#        run.sh fixes [sample | all | FAULT...]  whether "seaworthy fix" mends each, and takes it back
#        run.sh fix-trouble [CASE...]          what goes wrong in the middle of "seaworthy fix --apply" is taken back
#        run.sh renderings [shell | ansible | both [all | FAULT...]]   the same by script and by playbook
#        run.sh trace [FAULT...]               what "seaworthy trace" says of each
# LAB_INIT=systemd: hosts under systemd, and faults that only they can have; without those that they cannot have
# LAB_ROOT=FOLDER: hosts of the distribution whose root lies there
# LAB_PROGRAM=FILE judges that program, with all of its folder, not a fresh build
set -eu
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)

give_up() { echo "lab: $*" >&2; exit 2; }

# command=package that brings it
needed="dockerd=docker.io docker=docker.io iptables=iptables nft=nftables ip=iproute2 busybox=busybox-static
docker-registry=docker-registry pgrep=procps openssl=openssl python3=python3 mkfs.ext4=e2fsprogs nsenter=util-linux perl=perl-base"

mode=run
case ${1:-} in
fixes | fix-trouble | trace) mode=$1; shift ;;
renderings)
    mode=$1
    shift
    set -- "${@:-both}"
    [ "$1" = shell ] || needed="$needed ansible-playbook=ansible"
    ;;
esac

[ "${LAB_INIT:-}" != systemd ] || needed="$needed systemctl=systemd dbus-daemon=dbus"

install_missing() {
    local pair missing=()
    for pair in $needed; do
        command -v "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "installing ${missing[*]}"
    without_services apt_install "${missing[@]}"
}
apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q >/dev/null && apt-get install -q -y --no-install-recommends "$@" >/dev/null
}
# Debian starts what it installs, and this machine wants no engine of its own: policy-rc.d is Debian's way to say so.
without_services() {
    local policy=/usr/sbin/policy-rc.d status=0
    [ -e $policy ] && { "$@"; return; }
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    "$@" || status=$?
    rm -f $policy
    return $status
}

check_machine() {
    local c
    [ "$(id -u)" = 0 ] || give_up "must be root: it makes namespaces, cgroups and mounts"
    [ -e /etc/debian_version ] || give_up "runs on Debian only: it breaks and heals Debian's docker.io"
    for c in cpu cpuacct cpuset memory devices freezer blkio pids; do
        [ -e "/sys/fs/cgroup/$c/cgroup.procs" ] ||
            give_up "needs cgroup v1 ($c is not in /sys/fs/cgroup): boot with systemd.unified_cgroup_hierarchy=0, or mount them (cgroupfs-mount)"
    done
    command -v node >/dev/null || give_up "needs node"
}

# Only /tmp, /usr, /opt and the like of the machine are visible in a host, and not all of them to its test user.
stage() {
    local program=${LAB_PROGRAM:-}
    chmod 755 "$tmp"
    mkdir "$tmp/lab"
    cp -R "$here/lab.sh" "$here/lib" "$here/faults" "$here/expect.json" "$tmp/lab/"
    if [ -n "$program" ]; then
        cp -R "$(dirname "$program")" "$tmp/program"
    else
        program=seaworthy.cjs
        (cd "$project" && node scripts/build.mjs "$tmp/program") || give_up "the build failed"
    fi
    program=$tmp/program/$(basename "$program")
    node=$(readlink -f "$(command -v node)")
    case ${LAB_ROOT:+of another}$node in
    /usr/* | /opt/*) ;;
    *) cp "$node" "$tmp/node" && node=$tmp/node ;;
    esac
    chmod -R a+rX "$tmp"
    echo "$program" >"$tmp/path"
}

runner=
clean_up() {
    local status=$?
    trap '' INT TERM HUP
    trap - EXIT
    if [ -n "$runner" ] && kill -TERM "$runner" 2>/dev/null; then wait "$runner" || true; fi
    "$tmp/lab/lab.sh" down-all >/dev/null 2>&1 || true
    rm -rf --one-file-system "$tmp" || status=1
    exit $status
}

check_machine
install_missing
# what is left of a run that was killed outright ends by itself
export LAB_TTL=7200
tmp=$(mktemp -d /tmp/seaworthy-lab.XXXXXX)
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
stage
"$tmp/lab/lab.sh" tools
# in the background, because bash runs a trap only between two commands or in 'wait'
[ $# -gt 0 ] || [ "$mode" = trace ] || set -- sample
node "$here/$mode.mjs" "$tmp/lab" "$node" "$(cat "$tmp/path")" "$@" </dev/null &
runner=$!
wait $runner
