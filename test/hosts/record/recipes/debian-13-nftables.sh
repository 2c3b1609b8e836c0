# No engine and no iptables: a host whose firewall is nftables.service alone, which accepts forwarded packets of nobody yet.
suite=trixie hostname=debian13 packages=nftables
prepare() {
    cat >/etc/nftables.conf <<'EOF'
#!/usr/sbin/nft -f
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		iif "lo" accept
		icmp type echo-request accept
		tcp dport 22 accept
	}
	chain output {
		type filter hook output priority filter; policy accept;
	}
}
EOF
    systemctl enable nftables
}
