desc="all default address pools are taken by old networks"
kind=break expect=address-pools-exhausted breaks=user-net
evidence="docker network ls | wc -l: 30 and more bridge networks"
fix="docker network prune, or smaller default-address-pools in daemon.json"
inject() { T_CMD=120 hs 'i=0; while [ $i -lt 40 ]; do docker network create old$i >/dev/null 2>&1 || break; i=$((i+1)); done; echo $i networks'; }
heal() { T_CMD=120 h docker network prune -f; }
symptom() { hs 'docker network ls | wc -l; docker network create one_more'; }
