desc="a swarm of one manager, whose ports the LAN reaches"
kind=decoy expect=none
profile=swarm
evidence="docker node ls: Leader, Ready; tcp 2377 answers the LAN"
fix="none"
inject() { swarm_up; }
heal() { swarm_down; }
symptom() { hs 'docker node ls; ss -ltnu'; }
