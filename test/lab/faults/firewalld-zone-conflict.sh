desc="docker0 is permanently bound to firewalld's zone public: the engine refuses to start"
kind=break expect=firewalld-zone-conflict breaks=daemon
finding=firewall/firewalld#zoneConflict
evidence="/etc/firewalld/zones/public.xml: interface docker0; log: ZONE_CONFLICT: 'docker0' already bound to a zone"
fix="firewall-cmd --permanent --zone=public --remove-interface=docker0; firewall-cmd --reload; service docker start"
inject() { dstop; firewalld_up; hs 'firewall-cmd --permanent --zone=public --add-interface=docker0; firewall-cmd --reload'; dstart; }
heal() { hs 'firewall-cmd --permanent --zone=public --remove-interface=docker0; firewall-cmd --reload'; dstart; web_wait; }
cleanup() { firewalld_down; }
symptom() { dead_daemon; }
