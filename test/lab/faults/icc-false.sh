desc="icc=false: containers on the default bridge cannot talk to each other"
kind=break expect=icc-disabled breaks=c2c
evidence="daemon.json icc false; iptables -S FORWARD: -i docker0 -o docker0 -j DROP"
fix="icc true (or a user-defined network), restart docker"
inject() { djset 'c["icc"]=False'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { hs 'ip=$(docker inspect -f "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}" web); docker run --rm --init bb:1 timeout 4 wget -O /dev/null http://$ip/; echo "exit status $?"'; }
