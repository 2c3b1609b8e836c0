desc="containerd binary missing"
kind=break expect=containerd-missing breaks=run
evidence="command -v containerd fails; log: exec: \"containerd\": executable file not found"
fix="install containerd"
inject() { dstop; hs 'mv /usr/bin/containerd /usr/bin/containerd.away'; dstart 20; }
heal() { hs 'mv /usr/bin/containerd.away /usr/bin/containerd'; dstart; }
symptom() { dead_daemon; }
