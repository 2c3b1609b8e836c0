# firewalld runs (backend nftables), and the engine has its zone "docker" there.
suite=bookworm hostname=debian12 packages="docker.io iptables firewalld"
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
}
