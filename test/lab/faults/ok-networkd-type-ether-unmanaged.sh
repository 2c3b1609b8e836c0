desc="Type=ether is there, but a file that sorts before it keeps docker0 and every veth unmanaged"
kind=decoy expect=none
evidence="/etc/systemd/network/05-docker.network Name=docker0 br-* veth*, Unmanaged=yes"
fix="none"
inject() {
    hs 'mkdir -p /etc/systemd/network; printf "[Match]\nName=docker0 br-* veth*\n[Link]\nUnmanaged=yes\n" >/etc/systemd/network/05-docker.network'
    networkd_up 20-wired.network '[Match]\nType=ether\n[Network]\nDHCP=yes\n'
}
heal() { networkd_down; }
symptom() { hs 'networkctl list --no-pager'; }
