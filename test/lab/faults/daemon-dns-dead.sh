desc="daemon.json gives containers a resolver that does not exist; the host resolves well"
kind=break expect=daemon-dns-wrong breaks=dns
finding=network/dns#containersUnanswered
evidence="daemon.json dns 10.77.0.99; /etc/resolv.conf 10.77.0.1 answers"
fix="correct or remove dns, restart docker"
inject() { djset 'c["dns"]=["10.77.0.99"]'; drestart; web_wait; }
heal() { djback; drestart; web_wait; }
symptom() { h docker run --rm bb:1 nslookup far.lab.test; xs $?; h docker run --rm bb:1 cat /etc/resolv.conf; }
