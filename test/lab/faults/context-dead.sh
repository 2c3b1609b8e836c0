desc="the current context leads to a machine that does not answer"
kind=break expect=docker-context-dead breaks=run
finding=engine/client-target#nowhere
evidence="docker context ls: build *, tcp://10.77.0.99:2375"
fix="docker context use default"
inject() { hs 'docker context create build --docker host=tcp://10.77.0.99:2375; docker context use build'; }
heal() { hs 'docker context use default'; }
cleanup() { hs 'rm -rf /root/.docker'; }
symptom() { T_CMD=10 h docker ps; xs $?; }
