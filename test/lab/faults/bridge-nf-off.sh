desc="bridge-nf-call-iptables=0: bridged container traffic bypasses iptables (docker info warns)"
kind=risk expect=bridge-nf-call-disabled
evidence="/proc/sys/net/bridge/bridge-nf-call-iptables is 0; docker info: WARNING: bridge-nf-call-iptables is disabled"
fix="sysctl -w net.bridge.bridge-nf-call-iptables=1"
inject() { hs 'echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables; echo 0 >/proc/sys/net/bridge/bridge-nf-call-ip6tables'; }
heal() { hs 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables; echo 1 >/proc/sys/net/bridge/bridge-nf-call-ip6tables'; }
symptom() { hs 'docker info 2>&1 | grep -i warning'; }
risk_bad() { hs 'docker info 2>&1 | grep -i "bridge-nf-call-iptables is disabled"'; }
