# The engine of Debian 11 on a hybrid hierarchy: controllers on v1, systemd's own on v2.
suite=bullseye hostname=debian11 packages="docker.io iptables" append="systemd.unified_cgroup_hierarchy=0"
prepare() { usermod -aG docker alice; }
start() {
    import_image
    docker run -d --name web --restart unless-stopped -p 8081:80 busybox httpd -f -p 80
}
