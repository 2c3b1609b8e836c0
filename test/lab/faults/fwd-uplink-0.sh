desc="forwarding off on the uplink interface only (ip_forward itself is 1)"
kind=break expect=interface-forwarding-disabled breaks=http
evidence="/proc/sys/net/ipv4/conf/eth0/forwarding is 0 while ip_forward is 1"
fix="sysctl -w net.ipv4.conf.eth0.forwarding=1"
inject() { hs 'echo 0 >/proc/sys/net/ipv4/conf/eth0/forwarding'; }
heal() { hs 'echo 1 >/proc/sys/net/ipv4/conf/eth0/forwarding'; }
symptom() { cping; cget "http://$PEER_IP:8080/"; pget "http://$HOST_IP:8081/"; }
