desc="tlsverify on, certificate files missing"
kind=break expect=daemon-tls-files breaks=run
evidence="daemon.json tlscacert /etc/docker/ca.pem: no such file; log"
fix="create the files or turn tlsverify off"
inject() { djset 'c.update({"tlsverify":True,"tlscacert":"/etc/docker/ca.pem","tlscert":"/etc/docker/cert.pem","tlskey":"/etc/docker/key.pem","hosts":["unix:///var/run/docker.sock","tcp://127.0.0.1:2376"]})'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
