desc="the folder that a container mounts is gone: it does not start again"
kind=break expect=bind-mount-missing breaks=published
finding=engine/containers#bindMissing
evidence="docker inspect app: bind /srv/site, which does not exist; error: bind source path does not exist"
fix="mkdir /srv/site (or correct the path); docker start app"
inject() {
    hs 'mkdir -p /srv/site; echo hi >/srv/site/index.html'
    d run -d --stop-timeout 1 --name app --restart always --label lab.port=8082 -p 8082:80 --mount type=bind,src=/srv/site,dst=/site bb:1 httpd -f -p 80 -h /site
    d stop app
    hs 'rm -rf /srv/site'
    d start app
}
heal() { hs 'mkdir -p /srv/site; echo hi >/srv/site/index.html'; d start app; }
cleanup() { noapp; hs 'rm -rf /srv/site'; }
symptom() { h docker start app; xs $?; }
