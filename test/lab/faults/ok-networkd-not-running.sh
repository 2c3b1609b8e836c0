desc="a Name=* network file lies there, and systemd-networkd does not run: no harm, nor on the next boot"
kind=decoy expect=none
evidence="no process systemd-networkd, not enabled; /etc/systemd/network/99-default.network"
fix="none"
inject() { hs 'mkdir -p /etc/systemd/network; printf "[Match]\nName=*\n[Network]\nDHCP=ipv4\n" >/etc/systemd/network/99-default.network'; }
heal() { hs 'rm /etc/systemd/network/99-default.network'; }
symptom() { hs 'cat /etc/systemd/network/99-default.network; pgrep -x systemd-network'; }
