desc="firewalld was reloaded: Docker heard of it over D-Bus and wrote its rules again"
kind=decoy expect=none
evidence="iptables -S FORWARD has DOCKER-USER and DOCKER after firewall-cmd --reload"
fix="none"
inject() { firewalld_up; drestart; web_wait; h firewall-cmd --reload; sleep 2; }
heal() { firewalld_down; }
symptom() { hs 'firewall-cmd --state; iptables -S FORWARD'; }
