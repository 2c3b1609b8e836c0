desc="/etc/hosts gives localhost to another machine"
kind=risk expect=hosts-file
finding=host/name-resolution#localhostElsewhere
evidence="getent hosts localhost: 10.77.0.1"
fix="127.0.0.1 localhost in /etc/hosts"
inject() { keep /etc/hosts; hs 'sed -i "s/^127.0.0.1.*/10.77.0.1 localhost/" /etc/hosts'; }
heal() { back /etc/hosts; }
symptom() { h getent ahostsv4 localhost; }
risk_bad() { hs '! getent ahostsv4 localhost | grep -q "^127[.]"'; }
