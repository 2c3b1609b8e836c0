desc="resolv.conf names only 127.0.0.53, but daemon.json dns gives containers a real server"
kind=decoy expect=none
evidence="/etc/resolv.conf, daemon.json dns"
fix="none"
inject() {
    bg host stub python3 "$LAB/lib/dnsd.py" 127.0.0.53 "peer.lab.test=$PEER_IP" "reg.lab.test=$PEER_IP" "far.lab.test=$FAR_IP" "mirror.lab.test=$PEER_IP"
    hs 'echo "nameserver 127.0.0.53" >/etc/resolv.conf'
    djset 'c["dns"]=["10.77.0.1"]'
    drestart
    web_wait
}
heal() { djback; hs 'echo "nameserver 10.77.0.1" >/etc/resolv.conf'; unbg host stub; drestart; }
symptom() { hs 'cat /etc/resolv.conf; docker run --rm bb:1 cat /etc/resolv.conf'; }
