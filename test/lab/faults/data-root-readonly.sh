desc="file system of data-root is read-only (disk error, remount ro)"
kind=break expect=data-root-read-only breaks=run
evidence="findmnt /var/lib/docker: ro; log: read-only file system"
fix="check the disk, mount -o remount,rw"
inject() { dstop; h mount -o remount,bind,ro /var/lib/docker; dstart 20; }
heal() { h mount -o remount,bind,rw /var/lib/docker; dstart; }
symptom() { dead_daemon; hs 'findmnt -n -o TARGET,OPTIONS /var/lib/docker'; }
