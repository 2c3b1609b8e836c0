desc="systemd-networkd (real) with [Match] Name=* took the containers' veth out of the bridge"
kind=break expect=network-manager-interferes breaks=published
finding=network/interface-managers#unplugged
evidence="/etc/systemd/network/99-default.network Name=*; networkctl: docker0 configuring; ip link: veth without master"
fix="restrict the match to the uplink (or Unmanaged=yes for docker0, br-*, veth*), restart systemd-networkd, restart the containers"
inject() { networkd_up 99-default.network '[Match]\nName=*\n[Network]\nDHCP=ipv4\n'; }
heal() { hs 'sed -i s/Name=\*/Name=en\*/ /etc/systemd/network/99-default.network'; manager_end systemd-networkd; manager systemd-networkd /lib/systemd/systemd-networkd; drestart; web_wait; }
cleanup() { networkd_down; }
symptom() { pget "http://$HOST_IP:8081/"; hs 'networkctl list --no-pager; ip -br link'; }
