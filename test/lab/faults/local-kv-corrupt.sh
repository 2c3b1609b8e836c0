desc="network/files/local-kv.db was cut off by a full disk: the engine does not start"
kind=break expect=data-root-damaged breaks=daemon
evidence="/var/lib/docker/network/files/local-kv.db is no boltdb; log: invalid database"
fix="move local-kv.db away, start docker (networks made by hand are lost)"
inject() { dstop; hs 'head -c 65536 /dev/zero | tr "\0" "#" >/var/lib/docker/network/files/local-kv.db'; dstart; }
heal() { hs 'rm -f /var/lib/docker/network/files/local-kv.db'; dstart; web_wait; }
symptom() { dead_daemon; }
