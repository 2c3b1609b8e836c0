desc="/run (or a mount over it) is not searchable for users"
kind=break expect=socket-permissions breaks=user
evidence="stat /run: 0700"
fix="chmod 755 /run"
inject() { h chmod 700 /run; }
heal() { h chmod 755 /run; }
symptom() { us 'docker ps; ls -ld /run /var/run/docker.sock'; }
