desc="docker.socket was deleted, and dockerd is told to take its socket from systemd"
kind=break init=systemd expect=docker-socket-unit breaks=run
finding=engine/service#noSocketUnit
evidence="ExecStart=/usr/sbin/dockerd -H fd://; systemctl status docker.socket: not found"
fix="-H unix:///var/run/docker.sock instead of -H fd://; or docker.socket put back"
inject() { engine_stop; hs 'mv /lib/systemd/system/docker.socket /srv/; systemctl daemon-reload'; dstart 20; }
heal() { hs 'mv /srv/docker.socket /lib/systemd/system/; systemctl daemon-reload'; dstart; web_wait; }
symptom() { dead_daemon; }
