# shellcheck shell=bash
# What is made once (image, certificates, tools), the services around a host, and the host's own set-up. Sourced by lab.sh.

CACHE=$LAB/.cache
TOOLS=$LAB/tools
# shellcheck disable=SC2034
TOOL_LIBS=$(echo "$TOOLS"/usr/lib/*-linux-gnu)

fetch_tools() { # Debian packages are unpacked here and not installed: busybox would displace busybox-static
    [ -x "$TOOLS/bin/busybox" ] && return 0
    mkdir -p "$TOOLS"
    cd "$TOOLS" || exit 1
    apt-get -qq download busybox xfsprogs libinih1 liburcu8 conntrack libnetfilter-conntrack3 libnfnetlink0 2>/dev/null || die "apt-get download failed"
    local deb
    for deb in ./*.deb; do dpkg -x "$deb" . && rm -f "$deb"; done
    fetch_archives
}
# What a host may install again: it reaches no repository.
fetch_archives() {
    mkdir -p "$TOOLS/archives"
    cd "$TOOLS/archives" || exit 1
    apt-get -qq download docker.io containerd runc iptables uidmap 2>/dev/null || die "apt-get download failed"
}
prepare_cache() {
    [ -x "$TOOLS/bin/busybox" ] || { say "first run: lab.sh tools"; return 1; }
    mkdir -p "$CACHE/certs" "$CACHE/www"
    [ -s "$CACHE/bb.tar" ] || make_image || return 1
    [ -s "$CACHE/www/big.bin" ] || head -c 512K /dev/urandom >"$CACHE/www/big.bin"
    [ -s "$CACHE/www/index.html" ] || echo peer >"$CACHE/www/index.html"
    make_cert good reg.lab.test '-1 day' '+3650 day'
    make_cert expired reg.lab.test 2020-01-01 2021-01-01
    make_cert future reg.lab.test '+200 day' '+3650 day'
    make_cert hub registry-1.docker.io '-1 day' '+3650 day'
    make_cert wrongname other.lab.test '-1 day' '+3650 day'
}

make_image() { # busybox with its libraries: the static one cannot resolve names
    local root=$CACHE/rootfs bb=$TOOLS/bin/busybox lib applet
    rm -rf "$root"
    mkdir -p "$root"/{bin,etc,tmp,www,proc,sys,dev,root}
    cp "$bb" "$root/bin/busybox"
    for lib in $(ldd "$bb" | grep -o '/[^ ]*'); do
        mkdir -p "$root$(dirname "$lib")"
        cp -L "$lib" "$root$lib"
    done
    for applet in $("$bb" --list); do [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"; done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    echo 'root:x:0:' >"$root/etc/group"
    echo hello >"$root/www/index.html"
    chmod 1777 "$root/tmp"
    tar -C "$root" -cf "$CACHE/bb.tar.new" . && mv "$CACHE/bb.tar.new" "$CACHE/bb.tar"
    rm -rf "$root"
}

make_cert() { # make_cert FILE DNSNAME START END : self-signed, CA:TRUE so that it can be its own trust root
    local key=$CACHE/certs/$1.key crt=$CACHE/certs/$1.crt name=$2 names=DNS:$2 dir
    [ -s "$crt" ] && return 0
    [ "$name" = reg.lab.test ] && names+=,DNS:mirror.lab.test
    dir=$(mktemp -d)
    : >"$dir/index"
    echo 01 >"$dir/serial"
    cat >"$dir/cnf" <<CNF
[ca]
default_ca = lab
[lab]
database = $dir/index
serial = $dir/serial
new_certs_dir = $dir
default_md = sha256
policy = policy
x509_extensions = ext
[policy]
commonName = supplied
[ext]
subjectAltName = $names
basicConstraints = critical,CA:TRUE
CNF
    # 'openssl ca' because it is the one command that takes any start and end date
    openssl req -new -newkey rsa:2048 -nodes -keyout "$key" -out "$dir/csr" -subj "/CN=$name" 2>/dev/null
    openssl ca -batch -selfsign -notext -config "$dir/cnf" -keyfile "$key" -in "$dir/csr" -out "$crt" \
        -startdate "$(date -u -d "$3" +%y%m%d%H%M%SZ)" -enddate "$(date -u -d "$4" +%y%m%d%H%M%SZ)" 2>/dev/null
    rm -rf "$dir"
}

peer_dns() { # peer_dns [NAME=ADDRESS...] : besides those of the lab
    bg peer dns python3 "$LAB/lib/dnsd.py" "$PEER_IP" "$@" "peer.lab.test=$PEER_IP" "reg.lab.test=$PEER_IP" \
        "mirror.lab.test=$PEER_IP" "far.lab.test=$FAR_IP" "host.lab.test=$HOST_IP"
}
registry() { # registry TAG ADDRESS VARIABLE=VALUE...
    local tag=$1 addr=$2
    shift 2
    bg peer "$tag" env REGISTRY_LOG_LEVEL=error REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY="$(st)/registry" \
        REGISTRY_HTTP_ADDR="$addr" "$@" docker-registry serve "$LAB/lib/registry.yml"
}
plain_registry() { registry reg "$PEER_IP:5000"; }
# Docker Hub, which the lab does without: with it, what a dead mirror keeps from being pulled would come from there
hub_up() {
    peer_dns "registry-1.docker.io=$PEER_IP"
    registry hub "$PEER_IP:443" REGISTRY_HTTP_TLS_CERTIFICATE="$CACHE/certs/hub.crt" REGISTRY_HTTP_TLS_KEY="$CACHE/certs/hub.key"
}
hub_down() {
    unbg peer hub
    peer_dns
}
tls_registry() { # tls_registry CERT ; with REG_AUTH=1 it asks for a password (htpasswd in the state folder)
    local auth=()
    [ -n "${REG_AUTH:-}" ] && auth=(REGISTRY_AUTH=htpasswd REGISTRY_AUTH_HTPASSWD_REALM=lab "REGISTRY_AUTH_HTPASSWD_PATH=$(st)/htpasswd")
    registry tlsreg "$PEER_IP:5443" "${auth[@]}" \
        REGISTRY_HTTP_TLS_CERTIFICATE="$CACHE/certs/$1.crt" REGISTRY_HTTP_TLS_KEY="$CACHE/certs/$1.key"
}
start_peers() {
    mkdir -p "$(st)/registry"
    [ -d "$CACHE/registry" ] && cp -a "$CACHE/registry/." "$(st)/registry/"
    bg peer http busybox httpd -f -p 8080 -h "$CACHE/www"
    bg far http busybox httpd -f -p 80 -h "$CACHE/www"
    peer_dns
    plain_registry
    tls_registry good
}

set_up_host() {
    in_ns host "$LAB/lib/host-setup.sh" "$CACHE/certs/good.crt" "$CACHE/certs/hub.crt" || return 1
    [ -n "${LAB_ROOT:-}" ] || in_ns host cp -n "$TOOLS"/archives/*.deb /var/cache/apt/archives/
    bg host hostsvc busybox httpd -f -p 8088 -h "$CACHE/www"
    session_new
    dstart 80 || { say "dockerd did not start"; dlog 10 >&2; return 1; }
    load_image
}
load_image() { h docker import --change 'CMD ["sh"]' "$CACHE/bb.tar" bb:1 >/dev/null; }

fill_registry() { # by the first host; the others copy
    local tag
    [ -d "$CACHE/registry" ] && return 0
    d run --name seed bb:1 dd if=/dev/urandom of=/blob bs=1024 count=4096 2>/dev/null || return 1
    d commit seed bulk:1 >/dev/null && d rm seed >/dev/null
    for tag in "$PEER_IP:5000/bulk:1" "$PEER_IP:5000/library/hub:1"; do
        d tag bulk:1 "$tag"
        d push -q "$tag" >/dev/null || return 1
        d rmi "$tag" >/dev/null
    done
    d rmi bulk:1 >/dev/null
    cp -a "$(st)/registry" "$CACHE/registry.new" && mv "$CACHE/registry.new" "$CACHE/registry"
}

# the test user's session: a real process whose groups exec-user takes. It notes its own pid: looked for, the one before might be found while it still ends.
session_new() {
    in_ns host bash -c 'f=/run/lab-session.pid; [ ! -f $f ] || kill "$(cat $f)" 2>/dev/null
        rm -f $f; umask 022
        setsid -f bash -c "echo \$\$ >$f; exec setpriv --reuid 4242 --regid 4242 --init-groups bash -c \"exec -a -bash sleep infinity\"" </dev/null >/dev/null 2>&1
        for i in {1..100}; do [ "$(cat "/proc/$(cat $f)/comm")" = sleep ] && exit 0; sleep 0.1; done 2>/dev/null; exit 1'
}
