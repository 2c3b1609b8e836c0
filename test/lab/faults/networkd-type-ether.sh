desc="systemd-networkd with [Match] Type=ether, as cloud images have it: a veth is an ether, too"
kind=break expect=network-manager-interferes breaks=published
finding=network/interface-managers#unplugged
evidence="/etc/systemd/network/20-wired.network Type=ether; networkctl: a veth is configuring"
fix="add Kind=!veth (or Name=en*), restart systemd-networkd, restart the containers"
inject() { networkd_up 20-wired.network '[Match]\nType=ether\n[Network]\nDHCP=yes\n'; }
heal() { hs 'sed -i "s/^Type=ether/&\nKind=!veth/" /etc/systemd/network/20-wired.network'; manager_end systemd-networkd; manager systemd-networkd /lib/systemd/systemd-networkd; drestart; web_wait; }
cleanup() { networkd_down; }
symptom() { pget "http://$HOST_IP:8081/"; hs 'networkctl list --no-pager; ip -br link'; }
