# iptables-legacy and nothing but cgroup v1.
suite=bookworm hostname=debian12 packages="docker.io iptables"
append="systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1"
prepare() {
    update-alternatives --set iptables /usr/sbin/iptables-legacy
    update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy
}
start() {
    import_image
    docker run -d --name web -p 8081:80 busybox httpd -f -p 80
}
