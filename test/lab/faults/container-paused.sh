desc="somebody paused a container (a backup script that ended halfway): connections are taken, and nobody answers"
kind=break expect=container-paused breaks=published
container=web finding=container/running#paused
evidence="docker ps: Up 2 minutes (Paused)"
fix="docker unpause web"
inject() { d pause web; }
heal() { d unpause web; }
symptom() { pget "http://$HOST_IP:8081/"; hs 'docker ps --filter name=web'; }
