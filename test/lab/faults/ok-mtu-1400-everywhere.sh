desc="uplink MTU 1400 and daemon.json mtu 1400"
kind=decoy expect=none
evidence="ip link; daemon.json mtu"
fix="none"
inject() {
    ip -n "$(netns host)" link set eth0 mtu 1400
    ip -n "$(netns peer)" link set eth0 mtu 1400
    djset 'c["mtu"]=1400'
    drestart
    web_wait
}
heal() { ip -n "$(netns host)" link set eth0 mtu 1500; ip -n "$(netns peer)" link set eth0 mtu 1500; djback; drestart; }
symptom() { h docker run --rm bb:1 ip link show eth0; }
