#!/bin/bash
# PID 1 of a machine, inside fresh mount, network, pid, uts and ipc (and, for the host, cgroup) namespaces.
# usage: init.sh ROLE NAME STATEDIR     ROLE = host | peer | far
set -u
role=$1 name=$2 st=$3
lab=${st%/.state/*}
shared=${lab%/*}
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
# /proc is still the machine's own here, so this is the pid that the machine knows us by
read -r pid _ </proc/self/stat
echo "$pid" >"$st/$role.pid"
mount --make-rprivate / || exit 11

# What others on the machine have mounted would live on in here after they unmount it.
leave_other_mounts() {
    local m
    awk '{ print $5 }' /proc/self/mountinfo | sort -r | while read -r m; do
        case $m in
        / | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | /etc | /usr | /var | /home | /root | /opt | /boot | /tmp) ;;
        *) umount -l "$m" 2>/dev/null ;;
        esac
    done
}

# A root folder of its own and overlays over the machine's folders (or those of LAB_ROOT), so that nothing written reaches the machine.
root_folder() {
    local d R=$st/root
    mkdir -p "$R" && mount --bind "$R" "$R" && cd "$R" || return 1
    mkdir -p proc sys dev run tmp etc usr var home root opt srv mnt media boot old
    for d in bin sbin lib lib64 lib32; do
        if [ -L "/$d" ]; then cp -a "/$d" .; fi
    done
    chmod 700 root
    for d in etc usr var home root opt; do
        mkdir -p "$st/ov/$d/up" "$st/ov/$d/wk"
        mount -t overlay overlay -o "lowerdir=${LAB_ROOT:-}/$d,upperdir=$st/ov/$d/up,workdir=$st/ov/$d/wk" "$d" || return 1
    done
    mount --rbind /dev dev || return 1
    # of the machine's /tmp only the folder that the lab lies in, for the program under test
    chmod 1777 tmp && mkdir -p ".$shared" && mount --bind "$shared" ".$shared" || return 1
    mount --bind /boot boot && mount -o remount,bind,ro boot
    mount -t proc proc proc && mount -t sysfs sysfs sys || return 1
    mount -t tmpfs -o mode=755,size=1m cgroup sys/fs/cgroup && "$lab/lib/cgroup-mounts.sh" sys/fs/cgroup || return 1
    mount -t tmpfs -o mode=755 tmpfs run || return 1
    mkdir -p run/lock "$st/data" var/lib/docker
    # overlayfs cannot carry overlay2: Docker's folder is a plain one
    mount --bind "$st/data" var/lib/docker || return 1
    pivot_root . old && cd / && umount -l /old && rmdir /old
}

# Settings without a namespace stay out of reach, but for pid_max where the kernel has it per pid namespace.
protect_sysctls() {
    local d
    mkdir -p /run/lab-proc
    mount -t proc proc /run/lab-proc
    for d in kernel fs vm; do
        mount --bind "/proc/sys/$d" "/proc/sys/$d" && mount -o remount,bind,ro "/proc/sys/$d" || return 1
    done
    mount --bind /run/lab-proc/sys/kernel/pid_max /proc/sys/kernel/pid_max
    umount -l /run/lab-proc && rmdir /run/lab-proc
}

leave_other_mounts
hostname "$role-$name"
ip link set lo up
if [ "$role" = host ]; then
    root_folder || exit 12
    protect_sysctls || exit 13
    printf init >/proc/1/comm
else
    mount -t proc proc /proc || exit 14
    mount -t tmpfs -o mode=755 tmpfs /run
fi
: >"$st/$role.ready"

exec </dev/null
if [ "$role" = host ] && [ "${LAB_INIT:-}" = systemd ]; then exec "$lab/lib/boot-systemd.sh"; fi
# bash reaps orphans
trap : TERM INT HUP
while :; do
    sleep 60 &
    wait $!
done
