desc="a second engine with a socket, a data-root and a pid file of its own, and no bridge"
kind=decoy expect=none
evidence="two dockerd processes; /run/second.sock and /run/docker.sock"
fix="none"
inject() { hs 'echo "{}" >/srv/second.json'; second_engine_up; }
heal() { second_engine_down; }
symptom() { hs 'pgrep -a dockerd; docker -H unix:///run/second.sock info --format "{{.DockerRootDir}} {{.Images}}"'; }
