desc="devices cgroup not mounted"
kind=break expect=cgroup-controller-missing breaks=run
evidence="/proc/self/mountinfo has no cgroup devices; /proc/cgroups lists it"
fix="mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices"
inject() { h umount -l /sys/fs/cgroup/devices; }
heal() { hs 'mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices'; drestart; }
symptom() { h docker run --rm bb:1 true; echo "exit status $?"; }
