desc="a running container's veth lost its bridge (network manager, networkd config with wildcard match)"
kind=break expect=veth-not-in-bridge breaks=published
evidence="ip link: vethXXXX is UP but has no 'master docker0'"
fix="ip link set vethXXXX master docker0, or docker restart the container"
inject() { hs 'for v in /sys/class/net/docker0/brif/*; do ip link set "${v##*/}" nomaster; done'; }
heal() { d restart -t 1 web; }
symptom() { hs 'docker exec web timeout 4 ping -c 1 -W 2 172.17.0.1'; pget "http://$HOST_IP:8081/"; }
