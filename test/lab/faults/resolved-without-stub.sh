desc="resolv.conf is a copy of the stub of systemd-resolved, which has no stub any more"
kind=break init=systemd expect=resolver-stub breaks=pull-tls
evidence="/etc/resolv.conf nameserver 127.0.0.53; resolved.conf.d: DNSStubListener=no"
fix="ln -sf ../run/systemd/resolve/resolv.conf /etc/resolv.conf"
inject() {
    resolved_up
    hs 'cp --remove-destination /run/systemd/resolve/stub-resolv.conf /etc/resolv.conf
        printf "[Resolve]\nDNSStubListener=no\n" >/etc/systemd/resolved.conf.d/stub.conf; systemctl restart systemd-resolved'
    drestart
    web_wait
}
heal() { hs 'ln -sf ../run/systemd/resolve/resolv.conf /etc/resolv.conf'; drestart; }
# dockerd looks at the file every five seconds
settle() { sleep 6; }
cleanup() { resolved_down; web_wait; }
symptom() { typed h docker run --rm bb:1 nslookup far.lab.test; typed h docker pull reg.lab.test:5443/bulk:1; hs 'cat /etc/resolv.conf'; }
