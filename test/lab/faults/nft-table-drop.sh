desc="an nftables table of its own (nftables.service, hardening role) has a forward chain with policy drop"
kind=break expect=nft-forward-drop breaks=http
evidence="nft list ruleset: table inet hardening, chain forward hook forward policy drop; iptables -S does not show it"
fix="nft delete table inet hardening, or accept docker0 in that chain"
inject() { nft_ 'add table inet hardening; add chain inet hardening forward { type filter hook forward priority 0 ; policy drop ; }; add rule inet hardening forward ct state invalid drop'; }
heal() { nft_ 'delete table inet hardening'; }
symptom() { cping; cget "http://$PEER_IP:8080/"; nft_ list table inet hardening; }
