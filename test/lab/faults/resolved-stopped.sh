desc="systemd-resolved was stopped, and resolv.conf still leads to it"
kind=break init=systemd expect=resolver-stub breaks=pull-tls
evidence="/etc/resolv.conf nameserver 127.0.0.53; systemctl is-active systemd-resolved: inactive"
fix="systemctl start systemd-resolved"
inject() { resolved_up; drestart; web_wait; h systemctl disable --now systemd-resolved; }
heal() { h systemctl enable --now systemd-resolved; }
# dockerd looks at the file every five seconds
settle() { sleep 6; }
cleanup() { resolved_down; web_wait; }
symptom() { typed h docker pull reg.lab.test:5443/bulk:1; typed h getent hosts reg.lab.test; hs 'cat /etc/resolv.conf'; }
