desc="/etc/docker/daemon.json is a directory (bind mount of a missing file)"
kind=break expect=daemon-json-not-a-file breaks=run
evidence="stat /etc/docker/daemon.json: directory"
fix="remove the directory, write the file"
inject() { keep "$DJ"; hs 'rm -f /etc/docker/daemon.json; mkdir /etc/docker/daemon.json'; drestart 20; }
heal() { hs 'rmdir /etc/docker/daemon.json'; djback; drestart; }
symptom() { dead_daemon; }
