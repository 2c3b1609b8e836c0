desc="a job container that ended with status 0, and a dangling image"
kind=decoy expect=none
evidence="docker ps -a"
fix="none"
inject() { d run --name job bb:1 true; }
heal() { d rm job; }
symptom() { h docker ps -a --format '{{.Names}} {{.Status}}'; }
