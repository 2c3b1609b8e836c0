#!/bin/bash
# Boots systemd in a host, as it runs in a container: without udev, and with no more devices than an engine needs.
set -eu
[ $$ = 1 ] && [ "${LAB_INIT:-}" = systemd ] || { echo "only PID 1 of a host of the lab runs this" >&2; exit 2; }
hostname >/etc/hostname
tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id

# What the machine itself starts at boot is not the host's.
rm -rf /etc/systemd/system/*
systemctl -q mask systemd-udevd.service systemd-udevd-{kernel,control}.socket systemd-udev-trigger.service \
    systemd-modules-load.service proc-sys-fs-binfmt_misc.automount systemd-binfmt.service systemd-random-seed.service
# root may lack CAP_SYS_RESOURCE, and then cannot raise limits as Debian's units want
for unit in docker containerd; do
    mkdir -p "/run/systemd/system/$unit.service.d"
    printf '[Service]\nLimitNOFILE=%s\nLimitNPROC=%s\nLimitCORE=%s\nOOMScoreAdjust=0\n' "$(ulimit -Hn)" "$(ulimit -Hu)" "$(ulimit -Hc)" |
        sed s/unlimited/infinity/ >"/run/systemd/system/$unit.service.d/lab.conf"
done

mount -t tmpfs -o mode=755 tmpfs /dev
mkdir /dev/pts /dev/shm
while read -r name type major minor; do
    mknod -m 666 "/dev/$name" "$type" "$major" "$minor"
done <<'END'
null c 1 3
zero c 1 5
full c 1 7
random c 1 8
urandom c 1 9
kmsg c 1 11
tty c 5 0
loop-control c 10 237
END
for i in {0..15}; do mknod -m 660 "/dev/loop$i" b 7 "$i"; done
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
ln -s pts/ptmx /dev/ptmx
ln -s /proc/self/fd /dev/fd

# As systemd leaves it: every hierarchy that the kernel has is mounted.
for name in $(awk '!/^#/ && $4 == 1 { print $1 }' /proc/cgroups); do
    mkdir -p "/sys/fs/cgroup/$name"
    mountpoint -q "/sys/fs/cgroup/$name" || mount -t cgroup -o "$name" cgroup "/sys/fs/cgroup/$name"
done
mount -o remount,ro /sys/fs/cgroup
exec env -i container=lab PATH="$PATH" /lib/systemd/systemd --log-target=journal --show-status=no
