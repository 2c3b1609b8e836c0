desc="a VPN's policy rule sends container sources to a table with no way out"
kind=break expect=policy-routing breaks=http
evidence="ip rule: from 172.16.0.0/12 lookup 100; ip route show table 100: unreachable default"
fix="ip rule del from 172.16.0.0/12 lookup 100 (or give the table a route for LAN and internet)"
inject() { h ip route replace unreachable default table 100; h ip rule add from 172.16.0.0/12 lookup 100 prio 100; }
heal() { h ip rule del prio 100; }
cleanup() { h ip route flush table 100; }
symptom() { cping; cget "http://$PEER_IP:8080/"; hget "http://$PEER_IP:8080/"; }
