desc="the mirror drops packets: every pull waits for it"
kind=break expect=mirror-timeout breaks=pull-mirror
finding=registry/mirrors#dead
evidence="connect to 10.77.0.1:5000 times out; log: Client.Timeout exceeded / i/o timeout"
fix="correct or remove the mirror"
inject() { p iptables -w -I INPUT -p tcp --dport 5000 -j DROP; }
heal() { p iptables -w -D INPUT -p tcp --dport 5000 -j DROP; }
symptom() { T_CMD=60 h docker pull hub:1; xs $?; }
