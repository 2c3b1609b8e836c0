desc="nothing listens on port 53 of the configured server (refused at once)"
kind=break expect=dns-unreachable breaks=dns
evidence="resolv.conf server answers ICMP port unreachable"
fix="start the name server, or use one that runs"
inject() { unbg peer dns; }
heal() { peer_dns; }
symptom() { h timeout 12 getent hosts far.lab.test; echo "host getent: exit status $?"; h docker run --rm --init bb:1 timeout 12 ping -c1 -W2 far.lab.test; echo "exit status $?"; h docker pull reg.lab.test:5443/bulk:1; }
