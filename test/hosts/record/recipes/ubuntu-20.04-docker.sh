# An old host: kernel 5.4, iptables-legacy, a hybrid hierarchy by default.
suite=focal hostname=ubuntu2004 packages="docker.io iptables"
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
}
