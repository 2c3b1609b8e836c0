desc="forwarding was turned off while the engine runs (sysctl --system, a network restart)"
kind=break expect=ip-forward-disabled breaks=http
finding=network/ip-forward#off
evidence="/proc/sys/net/ipv4/ip_forward is 0"
fix="sysctl -w net.ipv4.ip_forward=1"
inject() { h sysctl -w net.ipv4.ip_forward=0; }
heal() { h sysctl -w net.ipv4.ip_forward=1; }
symptom() { cget "http://$PEER_IP:8080/"; pget "http://$HOST_IP:8081/"; }
