# The engine of Debian 11 on cgroup v2, the only manager of a swarm, with a service.
suite=bullseye hostname=debian11 packages="docker.io iptables"
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker swarm init --advertise-addr 10.0.2.15
    docker service create -d --name web --publish 8081:80 --no-resolve-image busybox httpd -f -p 80
    sleep 20
}
