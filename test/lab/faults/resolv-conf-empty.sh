desc="the host's resolv.conf is empty (dangling symlink after removing the resolver)"
kind=break expect=dns-no-nameserver breaks=dns
evidence="/etc/resolv.conf is a dangling link"
fix="restore /etc/resolv.conf with a real nameserver"
inject() { hs 'rm -f /etc/resolv.conf; ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf'; }
heal() { hs 'rm -f /etc/resolv.conf; echo "nameserver 10.77.0.1" >/etc/resolv.conf'; }
symptom() { h timeout 5 getent hosts far.lab.test; echo "host getent: exit status $?"; h docker run --rm bb:1 sh -c 'cat /etc/resolv.conf; timeout 8 ping -c1 -W2 far.lab.test'; echo "exit status $?"; h docker pull reg.lab.test:5443/bulk:1; }
