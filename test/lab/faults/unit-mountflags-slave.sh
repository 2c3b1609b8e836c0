desc="MountFlags=slave in a drop-in: mounts of the engine stay in a namespace of their own"
kind=risk init=systemd expect=mount-propagation
evidence="systemctl show -p MountFlags docker"
fix="take MountFlags out; systemctl daemon-reload; systemctl restart docker"
inject() { printf '[Service]\nMountFlags=slave\n' | dropin mount.conf; drestart; web_wait; }
heal() { dropout mount.conf; drestart; web_wait; }
symptom() { typed h docker run --rm -v /:/host:shared bb:1 true; xs $?; }
risk_bad() { hs '[ "$(systemctl show -p MountFlags --value docker)" = slave ]'; }
