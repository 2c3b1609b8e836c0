desc="runc was removed: containers do not start"
kind=break expect=runc-missing breaks=run
finding=engine/installed#programMissing
evidence="command -v runc fails; OCI runtime create failed: exec: runc: executable file not found"
fix="install runc"
inject() { h mv /usr/sbin/runc /root/runc; }
heal() { h mv /root/runc /usr/sbin/runc; }
symptom() { h docker run --rm bb:1 echo ok; xs $?; }
