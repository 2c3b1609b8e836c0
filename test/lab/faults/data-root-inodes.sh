desc="file system of data-root has no inodes left (plenty of bytes)"
kind=break expect=data-root-inodes-exhausted breaks=run
evidence="df -i /var/lib/docker: 100 %, df -h: space left"
fix="remove the many small files, prune; more inodes at mkfs"
inject() { altroot_loop 120 -N 2000; hs 'mkdir -p /var/lib/docker/volumes/cache; i=0; while : >"/var/lib/docker/volumes/cache/f$i"; do i=$((i+1)); done 2>/dev/null; df -i /var/lib/docker'; }
heal() { T_CMD=60 hs 'rm -rf /var/lib/docker/volumes/cache'; }
cleanup() { altroot_umount; }
symptom() { h docker pull "$PEER_IP:5000/bulk:1"; h docker run --rm bb:1 true; echo "exit status $?"; hs 'df -h /var/lib/docker | tail -n 1; df -i /var/lib/docker | tail -n 1'; }
