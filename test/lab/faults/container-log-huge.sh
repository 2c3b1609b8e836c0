desc="a container without rotation has written a log of more than a gigabyte"
kind=risk expect=container-log-huge
evidence="/var/lib/docker/containers/ID/ID-json.log; docker inspect noisy: no max-size"
fix="docker rm and run again with --log-opt max-size=10m --log-opt max-file=3"
inject() { # its own lines a few million times, as time would have done
    d run -d --stop-timeout 1 --restart unless-stopped --name noisy --log-opt max-size=-1 bb:1 sh -c 'while :; do echo "$(date) something has happened again"; sleep 1; done'
    sleep 2
    T_CMD=90 hs 'f=$(docker inspect -f "{{.LogPath}}" noisy); cp "$f" /run/lab/part; while [ "$(stat -c %s /run/lab/part)" -lt 4000000 ]; do cat /run/lab/part /run/lab/part >/run/lab/two; mv /run/lab/two /run/lab/part; done
        for i in $(seq 320); do cat /run/lab/part; done >>"$f"; rm /run/lab/part'
}
heal() { d rm -f noisy; }
symptom() { hs 'ls -lh "$(docker inspect -f "{{.LogPath}}" noisy)"'; }
risk_bad() { hs 's=$(stat -c %s "$(docker inspect -f "{{.LogPath}}" noisy)"); echo "$s bytes"; [ "$s" -gt 1073741824 ]'; }
