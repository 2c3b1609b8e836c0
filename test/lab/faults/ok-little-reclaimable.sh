desc="five dangling images, a hundred megabytes on a disk with room"
kind=decoy expect=none
evidence="docker system df: RECLAIMABLE"
fix="docker system prune"
inject() { T_CMD=90 hs 'for i in 1 2 3 4 5; do docker run --name j$i bb:1 sh -c "dd if=/dev/urandom of=/x bs=64k count=320 2>/dev/null"; docker commit j$i >/dev/null; done'; }
heal() { T_CMD=60 h docker system prune -f; }
symptom() { h docker system df; }
