desc="data-root was pointed at an empty folder: images and containers are where they were"
kind=break expect=data-root-changed breaks=run
finding=storage/data-root#leftBehind
evidence="daemon.json data-root /srv/docker, which is new; /var/lib/docker is full of images"
fix="data-root /var/lib/docker again, or move the data"
inject() { hs 'mkdir -p /srv/docker; mount -t tmpfs -o size=64m none /srv/docker; umount /srv/docker'; djset 'c["data-root"]="/srv/docker"'; drestart; }
heal() { djback; drestart; web_wait; }
cleanup() { hs 'rm -rf /srv/docker'; }
symptom() { h docker run --rm bb:1 echo ok; xs $?; h docker info --format '{{.DockerRootDir}} {{.Images}}'; }
