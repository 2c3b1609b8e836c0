desc="only the MASQUERADE rule of docker0 is gone"
kind=break expect=masquerade-missing breaks=http
evidence="iptables -t nat -S POSTROUTING lacks -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"
fix="service docker restart, or iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE"
inject() { ipt -t nat -D POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE; }
heal() { ipt -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE; }
symptom() { cping; cget "http://$PEER_IP:8080/"; }
