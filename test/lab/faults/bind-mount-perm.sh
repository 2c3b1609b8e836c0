desc="bind-mounted folder belongs to root, the container runs as another user"
kind=break expect=bind-mount-permissions breaks=published
evidence="stat /srv/data: root 0700; docker inspect app Config.User 1000"
fix="chown 1000 /srv/data"
inject() { hs 'mkdir -p /srv/data; chown 0:0 /srv/data; chmod 700 /srv/data'; d rm -f app; d run -d --name app --label lab.port=8082 -u 1000 -p 8082:8080 -v /srv/data:/data bb:1 sh -c 'touch /data/x && exec httpd -f -p 8080 -h /www'; sleep 1; }
heal() { h chown 1000 /srv/data; d start app; sleep 1; }
cleanup() { noapp; h rm -rf /srv/data; }
symptom() { hs 'docker logs app; docker ps -a --format "{{.Names}} {{.Status}}" | grep app; ls -ld /srv/data'; }
