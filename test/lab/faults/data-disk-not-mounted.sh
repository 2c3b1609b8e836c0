desc="the data disk is in /etc/fstab but not mounted: dockerd starts on the empty mount point"
kind=break expect=data-disk-not-mounted breaks=run
evidence="/etc/fstab lists /srv/docker, findmnt does not show it; docker info Root Dir /srv/docker; no images"
fix="mount /srv/docker, restart docker"
inject() {
    local img
    img=$(st)/disk.img
    truncate -s 200M "$img"
    mkfs.ext4 -q -F "$img"
    dstop
    hs "mkdir -p /srv/docker; mount -o loop '$img' /srv/docker" || return 1
    keep /etc/fstab
    hs "echo '$img /srv/docker ext4 loop 0 2' >>/etc/fstab"
    djset 'c["data-root"]="/srv/docker"'
    dstart 60
    load_image
    web_up
    dstop
    hs 'umount /srv/docker || umount -l /srv/docker'
    dstart 30
}
heal() { dstop; hs 'mount /srv/docker'; dstart; }
cleanup() { djback; dstop; hs 'umount -l /srv/docker; rm -rf /srv/docker'; back /etc/fstab; dstart; rm -f "$(st)/disk.img"; }
symptom() { h docker run --rm bb:1 true; h docker images; hs 'grep /srv /etc/fstab; findmnt -n /srv/docker || echo "/srv/docker is not mounted"; docker info 2>/dev/null | grep -i "root dir"'; }
