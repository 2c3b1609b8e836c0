desc="dhcpcd runs for the uplink and is denied docker0, br-* and veth*"
kind=decoy expect=none
evidence="/etc/dhcpcd.conf: denyinterfaces veth* docker0 br-*"
fix="none"
inject() { dhcpcd_up 'denyinterfaces veth* docker0 br-*\n'; }
heal() { dhcpcd_down; }
symptom() { hs 'cat /etc/dhcpcd.conf; ip -br addr'; }
