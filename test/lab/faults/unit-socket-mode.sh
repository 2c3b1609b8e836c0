desc="a drop-in of docker.socket keeps the group out"
kind=break init=systemd expect=socket-permissions breaks=user
evidence="stat /run/docker.sock: srw------- root docker; docker.socket.d: SocketMode=0600"
fix="SocketMode=0660; systemctl daemon-reload; systemctl restart docker.socket docker"
D=/etc/systemd/system/docker.socket.d
inject() { engine_stop; hs "mkdir -p $D; printf '[Socket]\nSocketMode=0600\n' >$D/mode.conf; systemctl daemon-reload"; dstart; web_wait; }
heal() { engine_stop; hs "rm -r $D; systemctl daemon-reload"; dstart; web_wait; }
symptom() { us 'docker ps; ls -l /var/run/docker.sock'; }
