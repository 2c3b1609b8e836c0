desc="uplink MTU 1400, containers 1500, ICMP frag-needed filtered on the way: small answers work, big ones hang"
kind=break expect=mtu-mismatch breaks=bulk
evidence="ip link: eth0 mtu 1400, docker0 and the containers' eth0 mtu 1500"
fix="\"mtu\": 1400 in daemon.json and restart (com.docker.network.driver.mtu for user networks), or clamp the MSS"
inject() {
    ip -n "$(netns host)" link set eth0 mtu 1400
    ip -n "$(netns peer)" link set eth0 mtu 1400
    p iptables -w -A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP
}
heal() { djset 'c["mtu"]=1400'; drestart; }
cleanup() {
    p iptables -w -F OUTPUT
    ip -n "$(netns host)" link set eth0 mtu 1500
    ip -n "$(netns peer)" link set eth0 mtu 1500
    djback
    drestart
}
symptom() { cget "http://$FAR_IP/"; cget "http://$FAR_IP/big.bin"; hget "http://$FAR_IP/big.bin"; }
