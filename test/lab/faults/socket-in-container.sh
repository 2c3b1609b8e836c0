desc="docker.sock is mounted into a container: whoever breaks into it is root on the host"
kind=risk expect=socket-mounted-in-container
finding=security/docker-socket#mounted
evidence="docker inspect panel: bind /var/run/docker.sock"
fix="docker rm -f panel, or a filtering socket proxy"
inject() { d run -d --stop-timeout 1 --restart unless-stopped --name panel -v /var/run/docker.sock:/var/run/docker.sock bb:1 sleep 3600; }
heal() { d rm -f panel; }
symptom() { h docker exec panel ls -l /var/run/docker.sock; }
risk_bad() { h docker exec panel test -S /var/run/docker.sock; }
