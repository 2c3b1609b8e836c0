desc="data-root on tmpfs: images and volumes are gone after a reboot"
kind=risk expect=data-root-on-tmpfs
evidence="findmnt -T /var/lib/docker: tmpfs"
fix="data-root on a disk"
inject() { altroot_mount -t tmpfs -o size=200m tmpfs; }
heal() { altroot_umount; }
symptom() { hs 'findmnt -n -T /var/lib/docker -o TARGET,FSTYPE; docker info 2>/dev/null | grep -i backing'; }
risk_bad() { hs 'findmnt -n -T /var/lib/docker -o FSTYPE | grep tmpfs'; }
