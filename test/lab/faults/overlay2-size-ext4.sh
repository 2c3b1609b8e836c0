desc="overlay2.size is set on a data-root on ext4: the engine does not start"
kind=break expect=storage-quota-unsupported breaks=daemon
finding=storage/quota#notXfs
evidence="daemon.json storage-opts overlay2.size; df -T: ext4; log: Storage option overlay2.size only supported for backingFS XFS"
fix="remove overlay2.size, start docker"
inject() { djset 'c["storage-opts"]=["overlay2.size=2G"]'; drestart; }
heal() { djback; drestart; web_wait; }
symptom() { dead_daemon; }
