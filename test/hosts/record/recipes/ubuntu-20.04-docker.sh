# An old host: kernel 4.15, iptables 1.6 (legacy alone), a hybrid hierarchy.
suite=bionic hostname=ubuntu1804 packages="docker.io iptables"
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
}
