desc="dockerd itself still holds a published port after a failed start: no process listens, every start fails"
kind=break expect=daemon-port-allocation-stale breaks=published
evidence="error 'port is already allocated', but ss -ltn shows no listener and docker ps no container on 8081"
fix="service docker restart"
inject() {
    hs 'mv /usr/sbin/docker-proxy /usr/sbin/docker-proxy.away'
    d restart -t 1 web
    d start web
    hs 'mv /usr/sbin/docker-proxy.away /usr/sbin/docker-proxy'
}
heal() { drestart; d start web; }
symptom() { h docker start web; echo "exit status $?"; hs 'ss -ltn "sport = :8081"; docker ps --format "{{.Names}} {{.Ports}}"'; }
