desc="a container is killed for its memory limit again and again"
kind=break expect=container-oom-killed breaks=published
finding=engine/containers#oomKilled
evidence="docker inspect app: OOMKilled true, exit status 137, RestartCount grows"
fix="docker update --memory 256m --memory-swap 256m app"
inject() {
    d rm -f app
    d run -d --stop-timeout 1 --name app --restart always --label lab.port=8082 -p 8082:80 -m 6m --memory-swap 6m bb:1 sh -c 'x=$(head -c 40000000 /dev/zero | tr "\0" x); exec httpd -f -p 80 -h /www'
    sleep 2
}
heal() { d update --memory 512m --memory-swap 512m app; d restart -t 1 app; sleep 1; }
cleanup() { noapp; }
symptom() { hs 'docker inspect -f "{{.State.OOMKilled}} {{.State.ExitCode}} {{.RestartCount}}" app; docker ps -a --filter name=app'; }
