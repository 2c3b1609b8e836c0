desc="a container ends at once and is started again for ever"
kind=break expect=container-restart-loop breaks=published
finding=engine/containers#loops
evidence="docker ps: Restarting (1); docker inspect app: RestartCount grows"
fix="the program's own error (docker logs app): here a missing folder"
inject() {
    d rm -f app
    d volume create conf
    d run -d --stop-timeout 1 --name app --restart always --label lab.port=8082 -v conf:/conf -p 8082:80 bb:1 sh -c 'test -e /conf/ready || { echo "no configuration" >&2; exit 1; }; exec httpd -f -p 80 -h /www'
    sleep 4
}
heal() { d run --rm -v conf:/conf bb:1 touch /conf/ready; d restart -t 1 app; sleep 1; }
cleanup() { noapp; d volume rm conf; }
symptom() { hs 'docker ps -a --filter name=app; docker logs --tail 2 app'; }
