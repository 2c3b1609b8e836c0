desc="the default route is gone: LAN works, the internet does not"
kind=break expect=no-default-route breaks=far
finding=network/default-route#none
evidence="ip route has no default"
fix="ip route add default via 10.77.0.1"
inject() { h ip route del default; }
heal() { h ip route add default via "$PEER_IP"; }
symptom() { cget "http://$FAR_IP/"; hget "http://$FAR_IP/"; }
