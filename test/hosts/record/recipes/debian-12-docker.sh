# The engine of Debian 12 with iptables-nft and cgroup v2; alice is in the group docker.
suite=bookworm hostname=debian12 packages=docker.io recommends=--install-recommends
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
}
