desc="dhcpcd (real) without denyinterfaces gives every veth a link-local address and a route"
kind=risk expect=network-manager-interferes
finding=network/interface-managers#addressed
evidence="/etc/dhcpcd.conf has no denyinterfaces; ip addr: veth with 169.254.x.x; ip route: 169.254.0.0/16 dev veth"
fix="denyinterfaces veth* docker0 br-* in /etc/dhcpcd.conf, restart dhcpcd"
inject() { dhcpcd_up ''; for _ in 1 2 3 4; do until_ok hs 'ip -4 -o addr | grep -q "veth.*169[.]254"' && break; done; }
heal() { hs 'sed -i "1i denyinterfaces veth* docker0 br-*" /etc/dhcpcd.conf; dhcpcd -x; sleep 1; dhcpcd -b'; until_ok default_route || until_ok default_route; }
# it asks around before it takes an address
default_route() { hs 'ip route | grep -q ^default'; }
cleanup() { dhcpcd_down; }
symptom() { hs 'ip -br addr; ip route'; }
risk_bad() { hs 'ip -4 -o addr | grep "veth.*169[.]254"'; }
