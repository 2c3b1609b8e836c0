desc="a container on the host's network serves 8090, and firewalld's zone public does not let it in"
kind=break expect=host-firewall-input breaks=published
evidence="firewall-cmd --zone=public --list-ports lacks 8090/tcp; nft: reject with icmpx admin-prohibited in filter_INPUT"
fix="firewall-cmd --permanent --zone=public --add-port=8090/tcp; firewall-cmd --reload"
inject() { firewalld_up; drestart; web_wait; h firewall-cmd --zone=public --remove-port=8090/tcp; }
heal() { h firewall-cmd --zone=public --add-port=8090/tcp; }
cleanup() { firewalld_down; }
symptom() { pget "http://$HOST_IP:8090/"; hget "http://$HOST_IP:8090/"; }
