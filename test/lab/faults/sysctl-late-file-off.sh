desc="a hardening file turns forwarding off at the next boot; it sorts after the one that turns it on"
kind=risk expect=sysctl-conf-disables-forwarding
finding=network/ip-forward#turnedOffByFile
evidence="/etc/sysctl.d/99-hardening.conf net.ipv4.ip_forward=0 after 50-docker.conf =1; now: 1"
fix="rm /etc/sysctl.d/99-hardening.conf (or correct it)"
inject() { hs 'echo net.ipv4.ip_forward=1 >/etc/sysctl.d/50-docker.conf; echo net.ipv4.ip_forward=0 >/etc/sysctl.d/99-hardening.conf'; }
heal() { hs 'sed -i s/=0/=1/ /etc/sysctl.d/99-hardening.conf'; }
cleanup() { hs 'rm -f /etc/sysctl.d/50-docker.conf /etc/sysctl.d/99-hardening.conf'; }
symptom() { h sysctl --system; h sysctl -w net.ipv4.ip_forward=1; }
risk_bad() { # what a boot does, then back
    hs 'sysctl --system >/dev/null 2>&1; v=$(cat /proc/sys/net/ipv4/ip_forward); sysctl -w net.ipv4.ip_forward=1; [ "$v" = 0 ]'
}
