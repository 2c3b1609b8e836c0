desc="the unit files of the engine were deleted: dockerd is there, and nothing starts it"
kind=break init=systemd expect=unit-missing breaks=run
finding=engine/service#unitMissing
evidence="systemctl start docker: Unit docker.service not found; /usr/sbin/dockerd exists"
fix="install docker.io anew"
UNITS_OF=/lib/systemd/system
inject() { engine_stop; hs "mkdir -p /srv/units; mv $UNITS_OF/docker.service $UNITS_OF/docker.socket /srv/units; mv /etc/init.d/docker /srv/units/init; systemctl daemon-reload"; }
heal() { hs "mv /srv/units/init /etc/init.d/docker; mv /srv/units/* $UNITS_OF; systemctl daemon-reload; systemctl enable docker.service docker.socket"; dstart; web_wait; }
symptom() { typed h systemctl start docker; typed h docker ps; }
