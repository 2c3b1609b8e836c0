desc="a drop-in lets the engine open few files"
kind=risk init=systemd expect=daemon-nofile-limit
finding=engine/limits#fewFiles
evidence="/proc/PID/limits of dockerd: Max open files 512"
fix="a sane LimitNOFILE; systemctl daemon-reload; systemctl restart docker"
inject() { printf '[Service]\nLimitNOFILE=512\n' | dropin limits.conf; drestart; web_wait; }
heal() { dropout limits.conf; drestart; web_wait; }
symptom() { hs 'grep "open files" "/proc/$(cat /run/docker.pid)/limits"'; echo 'dockerd: accept4: too many open files'; }
risk_bad() { hs '[ "$(awk "/Max open files/ { print \$5 }" "/proc/$(cat /run/docker.pid)/limits")" -lt 1024 ]'; }
