desc="the disk of the data-root itself is mounted noexec (fstab): programs in volumes do not start"
kind=break expect=data-root-noexec breaks=volume
finding=security/mount-options#volumes
evidence="findmnt -T /var/lib/docker: noexec"
fix="mount -o remount,exec and the same in /etc/fstab"
inject() { altroot_loop 300 -O ^has_journal; hs 'mount -o remount,noexec /var/lib/docker'; }
heal() { hs 'mount -o remount,exec /var/lib/docker'; }
cleanup() { altroot_umount; }
symptom() { h docker run --rm -v nx:/v bb:1 sh -c 'printf "#!/bin/sh\necho hi\n" >/v/x; chmod +x /v/x; /v/x'; hs 'docker volume rm nx; findmnt -n -T /var/lib/docker'; }
