# Ubuntu's own engine with AppArmor, systemd-resolved, netplan; ufw is installed and inactive.
suite=noble hostname=ubuntu2404 packages="docker.io ufw systemd-resolved apparmor-utils" recommends=--install-recommends
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
}
