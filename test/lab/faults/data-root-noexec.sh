desc="a hardened host mounts the data-root noexec: overlay hides it from containers, not from volumes"
kind=risk expect=data-root-noexec
finding=security/mount-options#volumes
evidence="findmnt -T /var/lib/docker: noexec"
fix="mount -o remount,exec, and without noexec in /etc/fstab"
inject() { h mount -o remount,bind,noexec /var/lib/docker; }
heal() { h mount -o remount,bind,exec /var/lib/docker; }
cleanup() { h docker volume rm -f lab-noexec >/dev/null 2>&1; }
symptom() { risk_program; }
risk_program() { h docker run --rm -v lab-noexec:/v bb:1 sh -c 'cp /bin/busybox /v/busybox; /v/busybox true' 2>&1; }
risk_bad() { risk_program | grep 'Permission denied'; }
