desc="start script with Windows line ends"
kind=break expect=script-crlf breaks=published
evidence="first line of /run.sh is #!/bin/sh\\r"
fix="dos2unix run.sh, rebuild"
inject() { hs 'mkdir -p /srv/crlf; printf "#!/bin/sh\r\nexec httpd -f -p 80 -h /www\r\n" >/srv/crlf/run.sh; chmod 755 /srv/crlf/run.sh'; d rm -f app; d run -d --name app --label lab.port=8082 -p 8082:80 -v /srv/crlf/run.sh:/run.sh:ro bb:1 /run.sh; }
heal() { hs 'sed -i "s/\r//" /srv/crlf/run.sh'; d rm -f app; d run -d --stop-timeout 1 --name app --label lab.port=8082 -p 8082:80 -v /srv/crlf/run.sh:/run.sh:ro bb:1 /run.sh; }
cleanup() { noapp; }
symptom() { hs 'docker logs app; docker start app; docker ps -a --format "{{.Names}} {{.Status}}" | grep app; head -n1 /srv/crlf/run.sh | od -c | head -n1'; }
