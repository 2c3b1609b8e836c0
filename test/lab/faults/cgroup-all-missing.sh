desc="no cgroup hierarchy mounted at all"
kind=break init=sysv expect=cgroup-controller-missing breaks=run
evidence="/proc/self/mountinfo has no cgroup; /sys/fs/cgroup is an empty tmpfs"
fix="mount the cgroup hierarchies (cgroupfs-mount), start docker"
inject() { dstop; keep /etc/fstab; hs 'echo "none /sys/fs/cgroup/none cgroup noauto 0 0" >>/etc/fstab; for m in /sys/fs/cgroup/*/; do umount -l "$m"; done'; dstart 20; }
heal() { back /etc/fstab; h "$LAB/lib/cgroup-mounts.sh" /sys/fs/cgroup; drestart; }
symptom() { dead_daemon; }
