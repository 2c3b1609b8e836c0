desc="iptables not installed"
kind=break expect=iptables-missing breaks=run
evidence="command -v iptables fails; log"
fix="install iptables, start docker"
inject() { dstop; hs 'mv /usr/sbin/iptables /usr/sbin/iptables.away'; dstart 20; }
heal() { hs 'mv /usr/sbin/iptables.away /usr/sbin/iptables'; dstart; }
symptom() { dead_daemon; }
