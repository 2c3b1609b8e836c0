desc="IPv6 disabled by sysctl"
kind=decoy expect=none
evidence="/proc/sys/net/ipv6/conf/all/disable_ipv6 1"
fix="none"
inject() { hs 'echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'; drestart; web_wait; }
heal() { hs 'echo 0 >/proc/sys/net/ipv6/conf/all/disable_ipv6; echo 0 >/proc/sys/net/ipv6/conf/default/disable_ipv6'; drestart; }
symptom() { hs 'docker port web; ss -ltn "sport = :8081"'; }
