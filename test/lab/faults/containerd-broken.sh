desc="containerd binary does not start (wrong architecture, truncated)"
kind=break expect=containerd-broken breaks=run
evidence="containerd --version fails; log: exec format error / fork/exec"
fix="reinstall containerd"
inject() { dstop; hs 'mv /usr/bin/containerd /usr/bin/containerd.away; head -c 4096 /usr/bin/containerd.away >/usr/bin/containerd; chmod 755 /usr/bin/containerd'; dstart 20; }
heal() { hs 'mv /usr/bin/containerd.away /usr/bin/containerd'; dstart; }
symptom() { dead_daemon; hs 'containerd --version'; }
