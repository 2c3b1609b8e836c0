desc="NetworkManager (real) was given a connection for docker0 and took its address away"
kind=break expect=network-manager-interferes breaks=http
evidence="nmcli device: docker0 connecting; /etc/NetworkManager/system-connections/docker0.nmconnection; ip addr: docker0 has none"
fix="nmcli connection delete docker0; unmanaged-devices=interface-name:docker0;interface-name:veth*;interface-name:br-*; restart docker"
inject() {
    networkmanager_up ''
    hs 'cd /etc/NetworkManager/system-connections
        printf "[connection]\nid=bridge of docker\ntype=bridge\ninterface-name=docker0\n[bridge]\nstp=false\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=ignore\n" >docker0.nmconnection
        chmod 600 docker0.nmconnection; nmcli connection reload; nmcli -w 3 connection up "bridge of docker"; sleep 1'
}
heal() {
    hs 'nmcli connection delete "bridge of docker"; ip link del docker0
        printf "[keyfile]\nunmanaged-devices=interface-name:docker0;interface-name:veth*;interface-name:br-*\n" >/etc/NetworkManager/conf.d/docker.conf'
    manager_end NetworkManager
    manager NetworkManager NetworkManager --no-daemon
    drestart
    web_wait
}
cleanup() { networkmanager_down; }
symptom() { cget "http://$PEER_IP:8080/"; hs 'nmcli device; ip -br addr'; }
