# The engine of Debian 13 with iptables-nft and cgroup v2: a published container, a network of its own, a compose-like restart policy.
suite=trixie hostname=debian13 packages="docker.io docker-cli iptables"
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker network create backend
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
    docker run -d --name worker --restart always --network backend --memory 64m busybox sleep 100000
}
