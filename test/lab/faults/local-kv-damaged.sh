desc="the machine lost power: the database of networks is damaged, and dockerd gives up"
kind=break expect=data-root-damaged breaks=run
finding=storage/integrity#damagedDatabase
evidence="log: error while populating kmap: invalid database"
fix="mv /var/lib/docker/network/files/local-kv.db away, service docker start"
KV=/var/lib/docker/network/files/local-kv.db
inject() { dstop; hs "dd if=/dev/zero of=$KV bs=4096 count=4 conv=notrunc 2>/dev/null"; dstart 20; }
heal() { hs "mv $KV $KV.damaged"; dstart; web_up; }
cleanup() { hs "rm -f $KV.damaged"; }
symptom() { dead_daemon; }
