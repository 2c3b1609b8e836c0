desc="a file turns forwarding off, and one that sorts after it turns it on again; a masked one counts for nothing"
kind=decoy expect=none
evidence="/etc/sysctl.d/10-hardening.conf =0, 90-docker.conf =1; 95-cis.conf -> /dev/null"
fix="none"
inject() { hs 'mkdir -p /usr/lib/sysctl.d; echo net.ipv4.ip_forward=0 >/etc/sysctl.d/10-hardening.conf; echo net.ipv4.ip_forward=1 >/etc/sysctl.d/90-docker.conf; echo net.ipv4.ip_forward=0 >/usr/lib/sysctl.d/95-cis.conf; ln -s /dev/null /etc/sysctl.d/95-cis.conf'; }
heal() { hs 'rm -f /etc/sysctl.d/10-hardening.conf /etc/sysctl.d/90-docker.conf /usr/lib/sysctl.d/95-cis.conf /etc/sysctl.d/95-cis.conf'; }
symptom() { h sysctl --system; h sysctl -w net.ipv4.ip_forward=1; }
