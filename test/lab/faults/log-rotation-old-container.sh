desc="log-opts are set now, but the container was created before"
kind=risk expect=log-rotation-missing
evidence="daemon.json has max-size, docker inspect web LogConfig has not"
fix="recreate the container"
inject() { djset 'c.pop("log-opts")'; drestart; web_up; djback; drestart; web_wait; }
heal() { web_up; }
symptom() { hs 'grep log-opts /etc/docker/daemon.json; docker inspect -f "{{.Name}} {{.HostConfig.LogConfig}}" web'; }
risk_bad() { hs '! docker inspect -f "{{.HostConfig.LogConfig}}" web | grep max-size'; }
