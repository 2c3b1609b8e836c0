desc="storage-driver aufs: gone from current kernels"
kind=break expect=storage-driver-unsupported breaks=run
evidence="daemon.json storage-driver aufs; /proc/filesystems has no aufs; log"
fix="storage-driver overlay2"
inject() { djset 'c["storage-driver"]="aufs"'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
