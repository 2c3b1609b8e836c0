desc="a second engine was started with --bridge none, and deleted docker0, which is the first one's"
kind=break expect=docker0-missing breaks=run
finding=network/docker-bridge#missing
evidence="two dockerd processes, one with --bridge none; ip link has no docker0"
fix="service docker restart; give the second engine a bridge of its own"
inject() { second_engine_up --bridge none; }
heal() { second_engine_down; drestart; web_wait; }
symptom() { h docker run --rm bb:1 echo ok; xs $?; hs 'pgrep -a dockerd; ip -br link'; }
