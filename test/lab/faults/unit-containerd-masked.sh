desc="containerd.service is masked: nothing listens where dockerd looks for it"
kind=break init=systemd expect=containerd-not-running breaks=run
evidence="systemctl is-enabled containerd: masked; dockerd --containerd=/run/containerd/containerd.sock"
fix="systemctl unmask containerd; systemctl start docker"
inject() { dstop; h systemctl mask containerd.service; dstart 20; }
heal() { h systemctl unmask containerd.service; h systemctl start containerd; dstart; web_wait; }
symptom() { dead_daemon; }
