desc="the proxy is in a drop-in that the engine was not restarted after"
kind=risk init=systemd expect=proxy-not-in-force
evidence="docker.service.d/proxy.conf; systemctl show -p NeedDaemonReload docker: yes; /proc/PID/environ has no HTTP_PROXY"
fix="systemctl daemon-reload; systemctl restart docker"
inject() {
    bg peer proxy python3 "$LAB/lib/proxyd.py" "$PEER_IP" 3128
    hs "mkdir -p $DROPINS; printf '[Service]\nEnvironment=\"HTTP_PROXY=http://10.77.0.1:3128\" \"NO_PROXY=10.77.0.0/24,.lab.test\"\n' >$DROPINS/proxy.conf"
}
heal() { dropout proxy.conf; }
cleanup() { unbg peer proxy; drestart; web_wait; }
symptom() { typed h docker info --format '{{.HTTPProxy}}'; hs "cat $DROPINS/proxy.conf"; echo "docker ignores the proxy"; }
risk_bad() { h test -e $DROPINS/proxy.conf && ! hs 'tr "\0" "\n" <"/proc/$(cat /run/docker.pid)/environ" | grep -q HTTP_PROXY'; }
