desc="connection tracking table full of established connections: new ones are dropped"
kind=break expect=conntrack-table-full breaks=http
evidence="nf_conntrack_count = nf_conntrack_max (262144); dmesg 'nf_conntrack: table full, dropping packet'"
fix="raise net.netfilter.nf_conntrack_max, shorten nf_conntrack_tcp_timeout_established, find the source (here: conntrack -F)"
ct() { in_ns host env LD_LIBRARY_PATH="$TOOL_LIBS" timeout 100 "$TOOLS/usr/sbin/conntrack" "$@"; }
inject() {
    # count and maximum: the count is per network namespace, so only this host's table fills up
    awk 'BEGIN { for (a = 1; a <= 6; a++) for (p = 1; p <= 50000; p++)
        printf "-I -s 10.77.0.2 -d 198.51.100.%d -p tcp --sport %d --dport 443 --state ESTABLISHED -u ASSURED,SEEN_REPLY -t 86400\n", a, p + 10000 }' >"$(st)/ct.txt"
    ct -F
    ct --load-file "$(st)/ct.txt" 2>&1 | tail -n 2
    rm -f "$(st)/ct.txt"
    hs 'cat /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max'
}
heal() { ct -F; }
symptom() { cping; cget "http://$PEER_IP:8080/"; hget "http://$PEER_IP:8080/"; hs 'cat /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max'; dmesg 2>/dev/null | grep -i 'table full' | tail -n 1; }
