desc="firewalld restarted while the engine hung in a stop: rules and zone were not written again"
kind=break expect=docker-rules-missing breaks=http
finding=firewall/firewalld#reloaded
evidence="firewalld was restarted while dockerd could not listen to it; no DOCKER chain in iptables -S"
fix="service docker restart"
inject() {
    firewalld_up
    drestart
    web_wait
    hs 'kill -STOP "$(cat /run/docker.pid)"; service firewalld stop; sleep 1; service dbus restart; service firewalld start; sleep 2; kill -CONT "$(cat /run/docker.pid)"'
}
heal() { drestart; }
cleanup() { firewalld_down; }
symptom() { cping; hs 'iptables -S FORWARD | head -n 3'; }
