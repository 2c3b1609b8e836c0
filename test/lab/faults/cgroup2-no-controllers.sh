desc="only cgroup v2 is mounted and it has no controllers (they are still bound to v1, or not delegated)"
kind=break init=sysv expect=cgroup-controller-missing breaks=limits
evidence="/sys/fs/cgroup/cgroup.controllers is empty; docker info: Cgroup Version 2 and WARNING: No memory limit support"
fix="boot with one hierarchy (systemd.unified_cgroup_hierarchy), or mount the v1 controllers again"
inject() {
    dstop
    keep /etc/fstab
    hs 'echo "none /sys/fs/cgroup/none cgroup noauto 0 0" >>/etc/fstab; for m in /sys/fs/cgroup/*/; do umount -l "$m"; done; umount -l /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup'
    dstart 30
    web_wait
}
heal() {
    dstop
    back /etc/fstab
    hs 'umount -l /sys/fs/cgroup; mount -t tmpfs -o mode=755,size=1m cgroup /sys/fs/cgroup'
    h "$LAB/lib/cgroup-mounts.sh" /sys/fs/cgroup
    dstart
}
symptom() { h docker run --rm -m 32m bb:1 true; echo "exit status $?"; hs 'docker info 2>&1 | grep -iE "cgroup|warning" | head -n 6; cat /sys/fs/cgroup/cgroup.controllers'; }
