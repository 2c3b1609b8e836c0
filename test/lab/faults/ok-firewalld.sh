desc="firewalld (real) was there before Docker: docker0 is in the zone docker"
kind=decoy expect=none
evidence="firewall-cmd --get-active-zones: docker0 in docker; target ACCEPT"
fix="none"
inject() { firewalld_up; drestart; web_wait; }
heal() { firewalld_down; }
symptom() { hs 'firewall-cmd --get-active-zones; firewall-cmd --info-zone=docker'; }
