# An engine of alice's own, without root; the system's engine is installed and not enabled.
suite=trixie hostname=debian13
packages="docker.io docker-cli iptables rootlesskit slirp4netns uidmap dbus-user-session libpam-systemd fuse-overlayfs"
prepare() { systemctl disable docker.service docker.socket; }
start() {
    # The script looks for the client beside itself, where Debian does not put it.
    ln -s /usr/bin/docker /usr/share/docker.io/contrib/docker
    loginctl enable-linger alice
    sleep 5
    as_alice env XDG_RUNTIME_DIR="/run/user/$(id -u alice)" DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$(id -u alice)/bus" \
        PATH="/usr/share/docker.io/contrib:$PATH" dockerd-rootless-setuptool.sh install
}
as_user() { as_alice env XDG_RUNTIME_DIR="/run/user/$(id -u alice)" "$@"; }
