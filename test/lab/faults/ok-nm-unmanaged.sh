desc="NetworkManager runs and is told to leave docker0, br-* and veth* alone"
kind=decoy expect=none
evidence="nmcli device: docker0 unmanaged"
fix="none"
inject() { networkmanager_up '[keyfile]\nunmanaged-devices=interface-name:docker0;interface-name:veth*;interface-name:br-*\n'; }
heal() { networkmanager_down; }
symptom() { h nmcli device; }
