desc="an nftables table of its own limits connections, for all of them together: no evaluation tells whom it stops, its counter does"
kind=break expect=nft-limit breaks=http
container=web
finding=container/reachable#countedHere
evidence="nft list ruleset: table inet edge, chain forward: ct count over 0 counter packets 4 drop"
fix="nft delete table inet edge, or accept what is meant to pass before that rule"
inject() { nft_ 'add table inet edge; add chain inet edge forward { type filter hook forward priority 0 ; policy accept ; }; add rule inet edge forward iifname docker0 meta l4proto tcp ct count over 0 counter drop'; }
heal() { nft_ 'delete table inet edge'; }
symptom() {
    typed h docker run --rm --init bb:1 nc -w 4 "$PEER_IP" 8080
    typed h docker run --rm bb:1 ping -c 2 "$PEER_IP"
}
