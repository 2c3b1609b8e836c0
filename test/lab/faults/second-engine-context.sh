desc="the current context leads to a second engine, which has none of the images"
kind=break expect=client-elsewhere breaks=run
finding=engine/client-target#elsewhere
evidence="docker context ls: second *; docker info: Docker Root Dir /srv/second"
fix="docker context use default"
inject() { second_engine_up --bridge second0; hs 'docker context create second --docker host=unix:///run/second.sock; docker context use second'; }
heal() { hs 'docker context use default; docker context rm second'; }
cleanup() { second_engine_down; hs 'rm -rf /root/.docker'; }
symptom() { h docker run --rm bb:1 echo ok; xs $?; h docker context ls; }
