desc="storage-driver btrfs with data-root on ext4"
kind=break expect=storage-driver-unsupported breaks=run
evidence="daemon.json storage-driver btrfs; df -T data-root: ext4; log: prerequisites for driver not satisfied"
fix="storage-driver overlay2"
inject() { djset 'c["storage-driver"]="btrfs"'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
