# shellcheck shell=bash
# Programs that one host alone gets: Debian's packages, put in by its dpkg, and how each of them is started without systemd. Sourced by lab.sh.

# What apt would add to the machine for a package goes into a folder of its own. The overlays of a host keep the machine clean.
# systemd and udev are not wanted but by name, and what is already there is not upgraded: dpkg --force-depends does without.
NOT_WANTED='udev|systemd|libpam-systemd|libnss-systemd|systemd-sysv|systemd-timesyncd|dbus-user-session'
fetch_package() {
    local dir=$TOOLS/debs/$1 names
    mkdir -p "$dir"
    (
        flock 9
        [ -e "$dir/.done" ] && exit 0
        cd "$dir" || exit 1
        names=$(apt-get install -s --no-install-recommends "$1" | awk '$1 == "Inst" && $3 !~ /^\[/ { print $2 }' | grep -vxE "$NOT_WANTED")
        [ "$1" != systemd ] || names="systemd libsystemd-shared"
        # shellcheck disable=SC2086
        [ -z "$names" ] || apt-get -qq download $names 2>/dev/null || { say "cannot download $1"; exit 1; }
        : >.done
    ) 9>"$TOOLS/debs/.lock"
}
packed() { # packed PACKAGE : its files, one per line; nothing where the machine has it anyway
    fetch_package "$1" && find "$TOOLS/debs/$1" -name '*.deb'
}
# A host of another distribution has its packages already; what a fault before took away with them is put back.
set_up_again() {
    local dir
    h dpkg -s "$1" >/dev/null || die "$1 is not installed in $LAB_ROOT"
    for dir in ufw firewalld NetworkManager; do
        [ ! -d "$LAB_ROOT/etc/$dir" ] || hs "[ -d /etc/$dir ]" || tar -C "$LAB_ROOT/etc" -c "$dir" | in_ns host tar -C /etc -x
    done
}
add_package() {
    local files
    if [ -n "${LAB_ROOT:-}" ]; then set_up_again "$1"; return; fi
    mapfile -t files < <(packed "$1")
    [ ${#files[@]} = 0 ] || h env DEBIAN_FRONTEND=noninteractive dpkg --force-depends -i "${files[@]}"
}
drop_package() {
    local files
    [ -z "${LAB_ROOT:-}" ] || return 0
    mapfile -t files < <(packed "$1" | while read -r file; do dpkg-deb -f "$file" Package; done)
    [ ${#files[@]} = 0 ] || h env DEBIAN_FRONTEND=noninteractive dpkg --force-depends --purge "${files[@]}"
}
until_ok() { # until_ok CMD... : for five seconds at most
    local _
    for _ in {1..20}; do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.25
    done
    return 1
}

init_script() { # init_script NAME START STOP STATUS : a service of that name, unless systemd has a unit for it, for `service NAME restart`
    if under_systemd; then
        h systemctl -q cat "$1" >/dev/null 2>&1 || printf '[Service]\nType=forking\nExecStart=/bin/sh -c "%s"\nExecStop=/bin/sh -c "%s"\n' "$2" "$3" |
            in_ns host bash -c 'cat >"/etc/systemd/system/$1.service"; systemctl daemon-reload' - "$1"
        return
    fi
    in_ns host bash -c 'printf "#!/bin/sh\nstart() { %s; }\nstop() { %s; }\ncase \$1 in\nrestart) stop; sleep 1; start ;;\nstart | stop) \$1 ;;\nstatus) %s ;;\nesac\n" \
        "$2" "$3" "$4" >"/etc/init.d/$1"; chmod 755 "/etc/init.d/$1"' - "$@"
}

# systemd needs its bus, and keeps it
bus_end() { under_systemd || hs 'service dbus stop; rm -rf /run/dbus'; }

# ---- firewalld, with the host's own D-Bus; an engine that starts while both run makes the zone 'docker'
firewalld_up() { # the zone of the LAN lets in what this host serves by itself
    add_package firewalld
    h service dbus start
    init_script firewalld firewalld 'kill "$(cat /run/firewalld.pid)"' 'firewall-cmd --state'
    h firewall-offline-cmd --add-port=8090/tcp
    h service firewalld start
    until_ok h firewall-cmd --state
}
firewalld_down() {
    h service firewalld stop
    until_ok hs '! nft list table inet firewalld'
    drop_package firewalld
    bus_end
    hs 'rm -rf /etc/firewalld /etc/init.d/firewalld'
    drestart
}

# ---- ufw
ufw_up() { # ufw_up RULE... : each RULE one argument of words
    local rule
    add_package ufw
    # shellcheck disable=SC2086
    for rule; do h ufw $rule; done
    h ufw --force enable
}
ufw_down() {
    h ufw --force disable
    hs 'for t in iptables ip6tables; do $t-save | grep -v ufw | $t-restore; done'
    drop_package ufw
    hs 'rm -rf /etc/ufw'
    drestart
}

# ---- managers of interfaces, each in the control group that systemd would give its service.
# There is no udev in here, and they take a device for ready only where /sys is read-only
UNITS=/sys/fs/cgroup/systemd/system.slice
manager() { # manager SERVICE CMD... : in the background
    if under_systemd; then
        hs "mkdir -p /run/systemd/system/$1.service.d; printf '[Service]\nReadOnlyPaths=/sys\n' >/run/systemd/system/$1.service.d/lab.conf
            systemctl daemon-reload; systemctl restart $1"
        return
    fi
    local unit=$UNITS/$1.service start=/run/lab/start-$1
    shift
    in_ns host bash -c 'echo "$2" >"$1"' - "$start" "mkdir -p $unit; setsid -f unshare -m --propagation private sh -c 'echo \$\$ >$unit/cgroup.procs
        mount -o remount,bind,ro /sys; exec $*' >/run/lab/manager.log 2>&1 </dev/null"
    hs "mkdir -p /usr/local/sbin; ln -sf $LAB/lib/systemctl.sh /usr/local/sbin/systemctl; sh $start"
}
manager_end() { # manager_end SERVICE
    if under_systemd; then
        hs "systemctl stop $1; rm -r /run/systemd/system/$1.service.d; systemctl daemon-reload"
        return
    fi
    hs "rm -f /usr/local/sbin/systemctl; xargs -r kill <$UNITS/$1.service/cgroup.procs; for i in 1 2 3 4 5 6 7 8 9 10; do rmdir $UNITS/$1.service && break; sleep 0.2; done"
}
networkd_up() { # networkd_up FILE CONTENT : beside the link to the LAN, which is set up by hand here
    [ -e /lib/systemd/systemd-networkd ] || add_package systemd
    hs 'mkdir -p /etc/systemd/network
        install -d -o systemd-network -g systemd-network /run/systemd/netif /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
        printf "[Match]\nName=eth0\n[Link]\nUnmanaged=yes\n" >/etc/systemd/network/10-lan.network'
    in_ns host bash -c 'printf "%b" "$2" >"/etc/systemd/network/$1"' - "$1" "$2"
    manager systemd-networkd /lib/systemd/systemd-networkd
    until_ok hs 'grep -qs ADMIN_STATE=unmanaged "/run/systemd/netif/links/$(cat /sys/class/net/eth0/ifindex)"'
    sleep 1
}
networkd_down() { manager_end systemd-networkd; hs 'rm -rf /run/systemd/netif /etc/systemd/network/*.network'; }

# systemd-resolved, which asks the LAN's name server; the host and the engine ask its stub
resolved_up() {
    add_package systemd-resolved
    hs 'mkdir -p /etc/systemd/resolved.conf.d; printf "[Resolve]\nDNS=10.77.0.1\n" >/etc/systemd/resolved.conf.d/lab.conf
        systemctl enable --now systemd-resolved; systemctl restart systemd-resolved; ln -sf ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf'
    until_ok h getent hosts far.lab.test
}
resolved_down() {
    h systemctl disable --now systemd-resolved
    drop_package systemd-resolved
    hs 'rm -rf /etc/systemd/resolved.conf.d /etc/resolv.conf; echo nameserver 10.77.0.1 >/etc/resolv.conf'
    drestart
}

networkmanager_up() { # networkmanager_up CONF
    add_package network-manager
    h service dbus start
    in_ns host bash -c 'printf "[main]\nplugins=keyfile\nno-auto-default=*\n%b" "$1" >/etc/NetworkManager/conf.d/lab.conf' - "$1"
    manager NetworkManager NetworkManager --no-daemon
    until_ok hs 'nmcli -t -f DEVICE device | grep -x docker0'
    sleep 1
}
networkmanager_down() {
    manager_end NetworkManager
    bus_end
    drop_package network-manager
    hs 'rm -rf /etc/NetworkManager /run/NetworkManager /var/lib/NetworkManager
        systemctl disable NetworkManager; echo nameserver 10.77.0.1 >/etc/resolv.conf'
}

dhcpcd_up() { # dhcpcd_up CONF
    add_package dhcpcd-base
    hs 'cp -a /etc/resolv.conf /run/lab/resolv.conf'
    in_ns host bash -c 'printf "nodev\n%binterface eth0\nstatic ip_address=10.77.0.2/24\nstatic routers=10.77.0.1\nstatic domain_name_servers=10.77.0.1\n" "$1" >/etc/dhcpcd.conf' - "$1"
    init_script dhcpcd 'dhcpcd -b' 'dhcpcd -x' 'pgrep -x dhcpcd'
    h service dhcpcd start
    until_ok hs 'ip route | grep -q "^default.*metric"' || until_ok hs 'ip route | grep -q "^default.*metric"'
}
dhcpcd_down() {
    h service dhcpcd stop
    until_ok hs '! pgrep -x dhcpcd'
    drop_package dhcpcd-base
    # what it had set on the link to the LAN goes with it
    hs 'rm -rf /run/dhcpcd /etc/dhcpcd.conf /etc/init.d/dhcpcd /etc/systemd/system/dhcpcd.service; cp /run/lab/resolv.conf /etc/resolv.conf; ip addr flush dev eth0
        ip addr add 10.77.0.2/24 dev eth0; ip route replace default via 10.77.0.1'
}

# ---- swarm: a manager without other nodes
swarm_up() { d swarm init --advertise-addr "$HOST_IP"; }
swarm_down() {
    d swarm leave --force
    d network rm docker_gwbridge
}

# another machine's engine, which has no network of its own
node_up() {
    p sh -c 'mkdir -p /run/node; echo "{}" >/run/node/daemon.json'
    bg peer node dockerd -H unix:///run/node/sock --data-root /run/node/root --exec-root /run/node/exec --pidfile /run/node/pid \
        --config-file /run/node/daemon.json --storage-driver vfs --iptables=false --bridge=none
    until_ok node docker version
}
node() { p env DOCKER_HOST=unix:///run/node/sock "$@"; }
node_down() {
    unbg peer node
    p rm -rf /run/node
}

# ---- what an engine without root asks for
uidmap_up() {
    add_package uidmap
    hs 'cp -a /etc/subuid /etc/subgid /run/lab/ 2>/dev/null; for f in subuid subgid; do echo tester:300000:65536 >/etc/$f; done'
}
uidmap_down() {
    drop_package uidmap
    hs 'rm -f /etc/subuid /etc/subgid; cp -a /run/lab/subuid /run/lab/subgid /etc/ 2>/dev/null'
}

# ---- a second engine on the same host
second_engine_up() { # second_engine_up FLAG...
    hs 'echo "{}" >/srv/second.json; ip link add second0 type bridge; ip addr add 172.30.0.1/24 dev second0; ip link set second0 up'
    bg host second dockerd -H unix:///run/second.sock --data-root /srv/second --exec-root /run/second --pidfile /run/second.pid \
        --config-file /srv/second.json --storage-driver vfs --iptables=false "$@"
    until_ok h docker -H unix:///run/second.sock version
}
second_engine_down() {
    unbg host second
    hs 'awk "\$5 ~ /^\/srv\/second/ { print \$5 }" /proc/self/mountinfo | sort -r | xargs -r -n1 umount -l
        rm -rf /run/second /run/second.sock /run/second.pid /srv/second /srv/second.json; ip link del second0'
}
