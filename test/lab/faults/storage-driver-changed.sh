desc="the storage driver was changed to vfs: images and containers of overlay2 are hidden"
kind=break expect=storage-driver-changed breaks=run
evidence="daemon.json storage-driver vfs; /var/lib/docker has overlay2 and image/overlay2 with content"
fix="storage-driver overlay2 again, or save and load the images"
inject() { djset 'c["storage-driver"]="vfs"'; drestart; }
heal() { djback; drestart; web_wait; }
cleanup() { dstop; hs 'rm -rf /var/lib/docker/vfs /var/lib/docker/image/vfs'; dstart; web_wait; }
symptom() { h docker run --rm bb:1 echo ok; xs $?; h docker images; }
