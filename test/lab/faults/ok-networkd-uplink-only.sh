desc="systemd-networkd runs and manages wired interfaces by name alone"
kind=decoy expect=none
evidence="/etc/systemd/network/20-wired.network Name=en*; networkctl: docker0 and veths unmanaged"
fix="none"
inject() { networkd_up 20-wired.network '[Match]\nName=en*\n[Network]\nDHCP=yes\n'; }
heal() { networkd_down; }
symptom() { hs 'networkctl list --no-pager'; }
