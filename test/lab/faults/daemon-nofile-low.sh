desc="the engine was started with few open files"
kind=risk init=sysv expect=daemon-nofile-limit
finding=engine/limits#fewFiles
evidence="/proc/PID/limits of dockerd: Max open files 256"
fix="a sane limit (ulimit -n in /etc/default/docker, LimitNOFILE), restart"
inject() { keep /etc/default/docker; hs 'echo DOCKER_NOFILE=256 >>/etc/default/docker'; drestart; web_wait; }
heal() { back /etc/default/docker; drestart; web_wait; }
symptom() { hs 'grep "open files" "/proc/$(cat /run/docker.pid)/limits"'; }
risk_bad() { hs '[ "$(awk "/Max open files/ { print \$5 }" "/proc/$(cat /run/docker.pid)/limits")" -lt 1024 ]'; }
