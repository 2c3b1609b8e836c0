desc="bip chosen inside the LAN's own range: neighbours in that half are shadowed by docker0"
kind=break expect=subnet-overlap breaks=lan2
evidence="ip route: 10.77.0.128/25 dev docker0 beside 10.77.0.0/24 dev eth0; daemon.json bip"
fix="set bip to a range outside the LAN (172.17.0.1/16) and restart; only removing bip keeps the old subnet (20.10 restores it from network/files/local-kv.db, even after ip link del docker0)"
inject() { djset 'c["bip"]="10.77.0.129/25"'; drestart; web_wait; }
# removing bip is not enough, not even with 'ip link del docker0': 20.10 restores the old subnet from network/files/local-kv.db
heal() { djset 'c["bip"]="172.17.0.1/16"'; drestart; }
cleanup() { djback; }
symptom() { cget "http://$PEER2_IP:8080/"; hget "http://$PEER2_IP:8080/"; h ip route; }
