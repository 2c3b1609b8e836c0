desc="a container from before rotation was set up has written a log of more than a gigabyte"
kind=risk expect=container-log-huge
finding=engine/log-rotation#large
evidence="/var/lib/docker/containers/ID/ID-json.log; docker inspect noisy: no max-size, which daemon.json has by now"
fix="docker rm and run again, which takes over max-size from daemon.json"
inject() { # its own lines again and again, as time would have written them
    djset 'del c["log-opts"]'
    drestart
    d run -d --stop-timeout 1 --restart unless-stopped --name noisy bb:1 sh -c 'while :; do echo "$(date) something has happened again"; sleep 1; done'
    sleep 2
    djback
    drestart
    web_wait
    T_CMD=90 hs 'log=$(docker inspect -f "{{.LogPath}}" noisy); cp "$log" /run/lab/part
        while [ "$(stat -c %s /run/lab/part)" -lt 4000000 ]; do cat /run/lab/part /run/lab/part >/run/lab/two; mv /run/lab/two /run/lab/part; done
        for i in $(seq 320); do cat /run/lab/part; done >>"$log"; rm /run/lab/part'
}
heal() { d rm -f noisy; }
symptom() { hs 'ls -lh "$(docker inspect -f "{{.LogPath}}" noisy)"'; }
risk_bad() { hs 's=$(stat -c %s "$(docker inspect -f "{{.LogPath}}" noisy)"); echo "$s bytes"; [ "$s" -gt 1073741824 ]'; }
