#!/bin/bash
# Makes a fresh host a healthy one: a user, its files, Docker's configuration. Runs inside the host.
# usage: host-setup.sh CA-CERTIFICATE CA-OF-DOCKER-HUB
set -e
rm -f /usr/local/bin/docker
# root may lack CAP_SYS_RESOURCE, and then cannot raise its limits as Debian's script wants
if [ -e /etc/init.d/docker ]; then
    sed -i 's/ulimit -n 1048576/ulimit -n "${DOCKER_NOFILE:-$(ulimit -Hn)}"/; s/^\t\t\tulimit -[up] unlimited/& || true/' /etc/init.d/docker
fi

if [ -d /run/systemd/system ]; then
    systemctl -q enable docker.service docker.socket containerd.service
    # systemd starts as in a container, and leaves the hardware alone; what looks at the host is to take it for a machine
    rm -f /run/systemd/container
    mount --bind /dev/null /proc/1/environ
fi

getent group docker >/dev/null || groupadd -r docker
echo 'tester:x:4242:4242:test user:/home/tester:/bin/bash' >>/etc/passwd
echo 'tester:x:4242:' >>/etc/group
echo 'tester:*:19000:0:99999:7:::' >>/etc/shadow
mkdir -p /home/tester
chown 4242:4242 /home/tester
gpasswd -a tester docker >/dev/null

rm -f /etc/resolv.conf
echo 'nameserver 10.77.0.1' >/etc/resolv.conf
printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$(hostname)" >/etc/hosts
hostname >/etc/hostname
: >/etc/environment

rm -rf /etc/docker /root/.docker /var/log/docker.log
mkdir -p /etc/docker/certs.d/reg.lab.test:5443
cp "$1" /etc/docker/certs.d/reg.lab.test:5443/ca.crt
cat "$2" >>/etc/ssl/certs/ca-certificates.crt
cat >/etc/docker/daemon.json <<'JSON'
{
  "storage-driver": "overlay2",
  "registry-mirrors": ["http://10.77.0.1:5000"],
  "insecure-registries": ["10.77.0.1:5000"],
  "log-driver": "json-file",
  "log-opts": { "max-size": "10m", "max-file": "3" }
}
JSON

# two images to build: one uses the network while building, the other pulls through BuildKit's own client
mkdir -p /srv/app /srv/bk
printf 'FROM bb:1\nRUN timeout 5 wget -q -O /x http://10.77.0.1:8080/ && test -s /x\n' >/srv/app/Dockerfile
echo 'FROM reg.lab.test:5443/bulk:1' >/srv/bk/Dockerfile
