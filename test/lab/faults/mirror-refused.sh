desc="registry mirror's port is closed"
kind=break expect=mirror-unreachable breaks=pull-mirror
evidence="daemon.json registry-mirrors http://10.77.0.1:5999; connect: connection refused; log: Error getting v2 registry"
fix="correct or remove the mirror, restart (or kill -HUP dockerd)"
inject() { djset 'c["registry-mirrors"]=["http://10.77.0.1:5999"]'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { h docker pull hub:1; echo "exit status $?"; echo "/var/log/docker.log: $(elog | grep -E 'next endpoint|v2 registry|Handler for POST|mirror' | tail -n 3)"; }
