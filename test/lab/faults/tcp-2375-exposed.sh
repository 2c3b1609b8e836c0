desc="API on 0.0.0.0:2375 without TLS"
kind=risk init=sysv expect=api-exposed
evidence="daemon.json hosts tcp://0.0.0.0:2375; ss -ltn; docker info WARNING"
fix="remove the tcp host or tlsverify"
inject() { djset 'c["hosts"]=["unix:///var/run/docker.sock","tcp://0.0.0.0:2375"]'; T_CMD=60 drestart 120; web_wait; }
heal() { djback; drestart; }
symptom() { hs 'ss -ltn "sport = :2375"; docker info 2>&1 | grep -i -A2 "warning: api"'; p /usr/bin/docker -H "tcp://$HOST_IP:2375" ps --format '{{.Names}}'; }
risk_bad() { p /usr/bin/docker -H "tcp://$HOST_IP:2375" version --format 'from the LAN: server {{.Server.Version}}'; }
