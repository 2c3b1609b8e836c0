desc="a container runs with SYS_ADMIN, the host's pid namespace and the host's root folder"
kind=risk expect=container-excess-privileges
profile=hardening
evidence="docker inspect: HostConfig.CapAdd SYS_ADMIN, PidMode host, Binds /:/host"
fix="only the capabilities and mounts it needs"
inject() { d run -d --stop-timeout 1 --name agent --cap-add SYS_ADMIN --pid host -v /:/host bb:1 sleep 3600; }
heal() { d rm -f agent; }
symptom() { hs 'docker inspect -f "{{.Name}} caps={{.HostConfig.CapAdd}} pid={{.HostConfig.PidMode}} binds={{.HostConfig.Binds}}" agent; docker exec agent head -n 1 /host/etc/shadow | cut -c1-12'; }
risk_bad() { hs 'docker ps -q | xargs docker inspect -f "{{.Name}} {{.HostConfig.CapAdd}} {{.HostConfig.PidMode}}" | grep -E "SYS_ADMIN.*host"'; }
