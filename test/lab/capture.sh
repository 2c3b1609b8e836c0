#!/bin/bash
# Records what a host's own tools and files say, as raw material for parser tests.
# usage: lab.sh exec NAME bash "$PWD/capture.sh" FOLDER      (FOLDER must lie under /tmp)
set -u
out=${1:?folder}
export LC_ALL=C
mkdir -p "$out"
cd "$out" || exit 1

# to FILE CMD... : what it prints (an empty answer is an answer); no file where the command fails silently
to() {
    local file=$1
    shift
    "$@" >"$file" 2>/dev/null || [ -s "$file" ] || rm -f "$file"
}
# the state folder and the kernel's build suffix are this machine's own
scrub() { sed -E -i "s/,discard,resv_strict,resuid=65534,resgid=65534//g; s#/tmp/[^ \"]*/\.state/#/tmp/lab/.state/#g; s#$(uname -r)#$(uname -r | cut -d- -f1)#g" "$out"/*; }
api() { to "docker-$1.json" curl -s --max-time 5 --unix-socket /run/docker.sock "http://docker$2"; }

to ip-addr.json ip -j addr
to ip-link.json ip -j -d link
to ip-route.json ip -j route show table all
to ip-route6.json ip -j -6 route show table all
to ip-rule.json ip -j rule
to ip-neigh.json ip -j neigh
to iptables-version.txt iptables --version
for c in iptables ip6tables iptables-nft iptables-legacy ip6tables-nft ip6tables-legacy; do
    to "$c-save.txt" "$c-save"
done
to nft-ruleset.json nft -j list ruleset
to ss-listen.txt ss -ltnp

to mountinfo.txt cat /proc/self/mountinfo
to cgroups.txt cat /proc/cgroups
to self-cgroup.txt cat /proc/self/cgroup
to filesystems.txt cat /proc/filesystems
to proc-net-tcp.txt cat /proc/net/tcp
to proc-net-tcp6.txt cat /proc/net/tcp6
to proc-net-route.txt cat /proc/net/route
to proc-net-unix.txt cat /proc/net/unix
to limits.txt cat "/proc/$(cat /run/docker.pid)/limits"
to dockerd-cmdline.bin cat "/proc/$(cat /run/docker.pid)/cmdline"
to dockerd-status.txt cat "/proc/$(cat /run/docker.pid)/status"
to dockerd-cgroup.txt cat "/proc/$(cat /run/docker.pid)/cgroup"

to init.d-docker.txt cat /etc/init.d/docker
to default-docker.txt cat /etc/default/docker
to daemon.json.txt cat /etc/docker/daemon.json
to docker.log tail -n 60 /var/log/docker.log
for f in passwd group hosts resolv.conf nsswitch.conf os-release debian_version; do
    to "$f.txt" cat "/etc/$f"
done
to docker-version.txt docker version
to docker-info.txt docker info
to runc-version.txt runc --version
to containerd-version.txt containerd --version
to dpkg.txt dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\n' docker.io containerd runc iptables nftables iproute2

api version /version
api info /info
api containers '/containers/json?all=1'
api networks /networks
api images '/images/json'
api volumes /volumes
api system-df /system/df
for c in web hostnet; do api "inspect-$c" "/containers/$c/json"; done
api inspect-network-bridge /networks/bridge
scrub
