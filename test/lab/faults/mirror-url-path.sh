desc="mirror URL with a path: dockerd refuses to start"
kind=break expect=mirror-url-invalid breaks=run
evidence="daemon.json registry-mirrors http://10.77.0.1:5000/v2/x; log: invalid mirror: path, query, or fragment"
fix="only scheme://host:port"
inject() { djset 'c["registry-mirrors"]=["http://10.77.0.1:5000/v2/proxy"]'; drestart 20; }
heal() { djback; drestart; }
symptom() { dead_daemon; }
