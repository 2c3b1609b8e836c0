desc="resolv.conf leads nowhere, though systemd-resolved runs"
kind=break init=systemd expect=resolver-stub breaks=pull-tls
evidence="/etc/resolv.conf -> /run/resolvconf/resolv.conf, which does not exist"
fix="ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf; systemctl restart docker, which looked at it when it started"
inject() { resolved_up; hs 'ln -sf /run/resolvconf/resolv.conf /etc/resolv.conf'; drestart; web_wait; }
heal() { hs 'ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf'; drestart; }
# dockerd looks at the file every five seconds
settle() { sleep 6; }
cleanup() { resolved_down; web_wait; }
symptom() { typed h docker pull reg.lab.test:5443/bulk:1; typed h getent hosts reg.lab.test; hs 'ls -l /etc/resolv.conf'; }
