desc="daemon.json names a seccomp profile that does not exist"
kind=break expect=seccomp-profile-missing breaks=daemon
finding=engine/config#badValue
evidence="daemon.json seccomp-profile /etc/docker/seccomp.json: no such file; log: opening seccomp profile failed"
fix="create the file or remove the key"
inject() { djset 'c["seccomp-profile"]="/etc/docker/seccomp.json"'; drestart; }
heal() { djback; drestart; web_wait; }
symptom() { dead_daemon; }
