# ufw is active and lets ssh in; the engine publishes a port.
suite=jammy hostname=ubuntu2204 packages="docker.io ufw" recommends=--install-recommends
prepare() {
    usermod -aG docker alice
    sed -i 's/^ENABLED=no/ENABLED=yes/' /etc/ufw/ufw.conf
}
start() {
    ufw allow 22/tcp
    import_image
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
}
