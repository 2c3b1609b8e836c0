desc="docker.sock with mode 666: every local user is root"
kind=risk expect=socket-world-writable
evidence="stat /var/run/docker.sock: 0666"
fix="chmod 660, use the group"
inject() { h chmod 666 /var/run/docker.sock; }
heal() { h chmod 660 /var/run/docker.sock; }
symptom() { hs 'ls -l /var/run/docker.sock; setpriv --reuid 65534 --regid 65534 --clear-groups docker -H unix:///var/run/docker.sock ps --format "as nobody: {{.Names}}"'; }
risk_bad() { hs 'stat -c %a /run/docker.sock; [ $(( 0$(stat -c %a /run/docker.sock) & 2 )) -ne 0 ]'; }
