desc="overlay2.size is set, and the xfs under data-root is mounted without pquota"
kind=break expect=storage-quota-unsupported breaks=daemon
finding=storage/quota#noQuota
evidence="daemon.json storage-opts overlay2.size; findmnt: xfs, noquota; log: Filesystem does not support, or has not enabled quotas"
fix="mount with -o pquota, or remove overlay2.size"
inject() {
    local img
    img=$(st)/root.img
    rm -f "$img"; truncate -s 512M "$img"
    LD_LIBRARY_PATH=$TOOL_LIBS "$TOOLS/sbin/mkfs.xfs" -q -f "$img" || return 1
    altroot_mount -o loop "$img"
    djset 'c["storage-opts"]=["overlay2.size=2G"]'
    drestart
}
heal() { djback; drestart; web_wait; }
cleanup() { altroot_umount; }
symptom() { dead_daemon; hs 'findmnt -n -T /var/lib/docker -o FSTYPE,OPTIONS'; }
