desc="data-root on xfs with ftype=1"
kind=decoy expect=none
evidence="df -T /var/lib/docker: xfs; xfs_info ftype=1"
fix="none"
inject() {
    local img
    img=$(st)/root.img
    rm -f "$img"; truncate -s 512M "$img"
    LD_LIBRARY_PATH=$TOOL_LIBS "$TOOLS/sbin/mkfs.xfs" -q -f "$img" || return 1
    altroot_mount -o loop "$img"
    web_wait
}
heal() { altroot_umount; }
symptom() { hs 'df -T /var/lib/docker | tail -n 1; docker info 2>/dev/null | grep -iE "storage driver|backing|d_type"'; }
