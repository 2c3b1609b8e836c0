desc="a second engine with a socket, a data-root, a pid file and a bridge of its own"
kind=decoy expect=none
evidence="two dockerd processes; /run/second.sock and /run/docker.sock; second0 and docker0"
fix="none"
inject() { second_engine_up --bridge second0; }
heal() { second_engine_down; }
symptom() { hs 'pgrep -a dockerd; docker -H unix:///run/second.sock info --format "{{.DockerRootDir}} {{.Images}}"'; }
