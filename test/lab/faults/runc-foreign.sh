desc="runc was replaced by one for another machine: containers do not start"
kind=break expect=runc-broken breaks=run
finding=engine/installed#programBroken
evidence="runc --version: Exec format error"
fix="reinstall runc"
inject() { hs 'cp -a /usr/sbin/runc /root/runc'; in_ns host python3 -c "
p = '/usr/sbin/runc'
b = bytearray(open(p, 'rb').read())
b[18:20] = (183).to_bytes(2, 'little')
open('/root/runc.arm64', 'wb').write(b)"; hs 'chmod 755 /root/runc.arm64; mv /root/runc.arm64 /usr/sbin/runc'; }
heal() { h mv /root/runc /usr/sbin/runc; }
symptom() { h docker run --rm bb:1 echo ok; xs $?; h runc --version; }
