desc="driver vfs in use: works, but every layer is a full copy (slow, eats the disk)"
kind=risk expect=storage-driver-vfs
evidence="docker info: Storage Driver: vfs"
fix="storage-driver overlay2"
inject() { djset 'c["storage-driver"]="vfs"'; drestart 30; load_image; web_up; }
heal() { djback; drestart; }
cleanup() { hs 'rm -rf /var/lib/docker/vfs /var/lib/docker/image/vfs'; }
symptom() { hs 'docker info 2>/dev/null | grep -i "storage driver"; du -sh /var/lib/docker/vfs'; }
risk_bad() { hs 'docker info 2>/dev/null | grep -i "storage driver: vfs"'; }
