#!/bin/bash
# PID 1 of a namespace with nothing in it but a dockerd: sandbox.sh FOLDER CONFIG SECONDS
# The machine's files are read-only in here, its network, processes and mounts out of reach.
set -u
folder=$1 config=$2 seconds=$3
mount --make-rprivate / || exit 90
mount --bind "$folder" "$folder" || exit 90
mount -o remount,bind,ro / || exit 90
mount -t tmpfs -o mode=755 tmpfs /run || exit 90
mount -t tmpfs -o mode=755 tmpfs /etc/docker || exit 90
for writable in /var /opt /tmp; do
    case $folder in
    "$writable"/*) ;;
    *) mount -t tmpfs -o mode=755 tmpfs "$writable" || exit 90 ;;
    esac
done
mkdir -p /run/lock /var/lib /var/run "$folder/data"
rmdir /var/run && ln -s /run /var/run
mkdir -p /var/lib/docker && mount --bind "$folder/data" /var/lib/docker || exit 90
mount -t proc proc /proc || exit 90
mount -t sysfs sysfs /sys || exit 90
mount -t tmpfs -o mode=755,size=1m cgroup /sys/fs/cgroup || exit 90
while read -r name _ _ enabled; do
    [ "$enabled" = 1 ] || continue
    mkdir "/sys/fs/cgroup/$name"
    mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name" || rmdir "/sys/fs/cgroup/$name"
done 2>/dev/null < <(grep -v '^#' /proc/cgroups)
[ -n "$(ls -A /sys/fs/cgroup)" ] || mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
cd /run || exit 90
exec timeout -k 1 "$seconds" dockerd --config-file "$config" >"$folder/log" 2>&1
