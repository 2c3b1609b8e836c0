#!/bin/bash
# Mounts the cgroup v1 hierarchies of a host, as a machine without systemd has them. Runs inside the host.
# usage: cgroup-mounts.sh FOLDER
cd "$1" || exit 1
mkdir -p cpu cpuacct cpuset memory devices freezer blkio pids systemd unified
for c in cpu cpuacct cpuset memory devices freezer blkio pids; do
    mountpoint -q $c || mount -t cgroup -o $c cgroup $c || exit 1
done
mountpoint -q systemd || mount -t cgroup -o none,name=systemd cgroup systemd
mountpoint -q unified || mount -t cgroup2 cgroup2 unified
