desc="mirror's name does not resolve"
kind=break expect=mirror-dns breaks=pull-mirror
evidence="daemon.json registry-mirrors http://nomirror.lab.test:5000; getent hosts fails; log: no such host"
fix="correct the name"
inject() { djset 'c["registry-mirrors"]=["http://nomirror.lab.test:5000"]'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { h docker pull hub:1; echo "exit status $?"; elog | grep -E "next endpoint|v2 registry|Handler for POST|mirror" | tail -n 3; }
