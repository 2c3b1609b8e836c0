desc="NetworkManager runs with its defaults: docker0 and the veths are connected (externally), which it leaves alone"
kind=decoy expect=none
evidence="nmcli device: docker0 connected (externally)"
fix="none"
inject() { networkmanager_up ''; }
heal() { networkmanager_down; }
symptom() { h nmcli device; }
