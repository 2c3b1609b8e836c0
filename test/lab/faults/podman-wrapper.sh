desc="docker is a wrapper for podman (podman-docker), and podman is not there"
kind=break expect=docker-command-shadowed breaks=run
finding=engine/installed#podmanInFront
evidence="/usr/local/bin/docker is a script: exec podman; /usr/bin/docker is shadowed"
fix="rm /usr/local/bin/docker"
inject() { hs 'printf "#!/bin/sh\n[ -e /etc/containers/nodocker ] || echo Emulate Docker CLI using podman. >&2\nexec /usr/bin/podman \"\$@\"\n" >/usr/local/bin/docker; chmod 755 /usr/local/bin/docker'; }
heal() { hs 'rm -f /usr/local/bin/docker'; }
symptom() { h docker ps; xs $?; hs 'type -a docker'; }
