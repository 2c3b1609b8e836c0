desc="/etc/sysctl.conf, read last as 99-sysctl.conf, turns off what 99-docker.conf turns on"
kind=risk expect=sysctl-conf-disables-forwarding
finding=network/ip-forward#turnedOffByFile
evidence="/etc/sysctl.conf net.ipv4.ip_forward = 0; /etc/sysctl.d/99-docker.conf = 1"
fix="correct /etc/sysctl.conf"
inject() { keep /etc/sysctl.conf; hs 'echo "net.ipv4.ip_forward = 0" >>/etc/sysctl.conf; echo net.ipv4.ip_forward=1 >/etc/sysctl.d/99-docker.conf'; }
heal() { back /etc/sysctl.conf; }
cleanup() { hs 'rm -f /etc/sysctl.d/99-docker.conf'; }
symptom() { h sysctl --system; h sysctl -w net.ipv4.ip_forward=1; }
risk_bad() { # what a boot does, then back
    hs 'sysctl --system >/dev/null 2>&1; v=$(cat /proc/sys/net/ipv4/ip_forward); sysctl -w net.ipv4.ip_forward=1; [ "$v" = 0 ]'
}
