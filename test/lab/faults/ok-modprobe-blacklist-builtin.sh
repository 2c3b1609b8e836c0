desc="modprobe.d forbids overlay and br_netfilter, which this kernel has built in"
kind=decoy expect=none
evidence="/etc/modprobe.d/cis.conf: install overlay /bin/false; /proc/filesystems has overlay, /sys/module/br_netfilter is there"
fix="none"
inject() { hs 'mkdir -p /etc/modprobe.d; printf "install overlay /bin/false\nblacklist br_netfilter\ninstall dccp /bin/false\n" >/etc/modprobe.d/cis.conf'; }
heal() { hs 'rm -f /etc/modprobe.d/cis.conf'; }
symptom() { hs 'cat /etc/modprobe.d/cis.conf; grep overlay /proc/filesystems'; }
