#!/bin/bash
# Records hosts: a root made with debootstrap is booted with its own kernel in a virtual machine, and `seaworthy snapshot`
# runs there as root and as the ordinary user alice. Needs root, debootstrap, qemu-system-x86, and `npm run build` before.
#   record.sh [NAME...]     the recipes of that name (all)
# Roots are kept in $BUILD and made anew when their recipe changes. ACCEL=kvm is faster where it works.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)
BUILD=${BUILD:-/tmp/hosts-build}
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
umask 022

mirror_of() {
    case $1 in
    bullseye | bookworm | trixie) echo http://deb.debian.org/debian ;;
    *) echo http://archive.ubuntu.com/ubuntu ;;
    esac
}

sources_of() { # SUITE: the lines of sources.list
    case $1 in
    bullseye | bookworm | trixie)
        echo "deb http://deb.debian.org/debian $1 main"
        # Debian 11 is past its long-term support: what is left of its updates is not complete.
        [ "$1" = bullseye ] && return
        echo "deb http://deb.debian.org/debian $1-updates main"
        echo "deb http://security.debian.org/debian-security $1-security main"
        ;;
    *)
        for pocket in "$1" "$1-updates" "$1-security"; do
            echo "deb http://archive.ubuntu.com/ubuntu $pocket main universe"
        done
        ;;
    esac
}

inside() { # ROOT CMD...: in a chroot with its own mounts, where no service is started
    local root=$1
    shift
    # shellcheck disable=SC2016
    unshare --mount --pid --fork nice -n 10 bash -c '
        mount --make-rprivate /
        mount -t proc proc "$0/proc"; mount -t sysfs -o ro sysfs "$0/sys"; mount --bind /dev "$0/dev"
        exec chroot "$0" "$@"' "$root" "$@"
}

# What every host of a suite has: systemd, a kernel, a way to the network.
make_base() { # SUITE
    local base=$BUILD/base/$1 mirror kernel=linux-image-virtual network="netplan.io" unchecked='' family=''
    [ -d "$base" ] && return
    mirror=$(mirror_of "$1")
    case $mirror in
    *debian*) kernel=linux-image-cloud-amd64 network="ifupdown isc-dhcp-client" ;;
    *)
        family=/usr/share/debootstrap/scripts/gutsy
        [ -e /usr/share/keyrings/ubuntu-archive-keyring.gpg ] || unchecked=--no-check-gpg
        ;;
    esac
    mkdir -p "$BUILD/base"
    rm -rf "$base.new"
    # Releases that this debootstrap is too old to know are made as their family is.
    nice -n 10 debootstrap $unchecked --variant=minbase --include=ca-certificates "$1" "$base.new" "$mirror" $family
    sources_of "$1" >"$base.new/etc/apt/sources.list"
    printf '#!/bin/sh\nexit 101\n' >"$base.new/usr/sbin/policy-rc.d"
    chmod +x "$base.new/usr/sbin/policy-rc.d"
    inside "$base.new" apt-get update -q
    # shellcheck disable=SC2086
    inside "$base.new" apt-get install -qy --no-install-recommends systemd systemd-sysv dbus udev kmod procps iproute2 \
        iputils-ping netbase nano less sudo initramfs-tools apparmor tzdata systemd-timesyncd $kernel $network
    mv "$base.new" "$base"
}

write_network() { # ROOT
    if [ -d "$1/etc/netplan" ]; then
        printf 'network:\n  version: 2\n  ethernets:\n    ens3:\n      dhcp4: true\n' >"$1/etc/netplan/50-cloud-init.yaml"
        chmod 600 "$1/etc/netplan/50-cloud-init.yaml"
        ln -sf ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"
    else
        printf 'auto lo\niface lo inet loopback\nauto ens3\niface ens3 inet dhcp\n' >"$1/etc/network/interfaces"
        rm -f "$1/etc/resolv.conf"
    fi
}

# The recorder comes on a disk of its own, so that a root that is kept can be recorded again by a later version.
write_recorder() { # ROOT
    cat >"$1/etc/systemd/system/record.service" <<'EOF'
[Unit]
Description=Record this host
After=multi-user.target
[Service]
Type=idle
ExecStart=/bin/sh -c 'mkdir -p /opt/record && tar xf /dev/vdc -C /opt/record && exec /opt/record/run'
EOF
    mkdir -p "$1/etc/systemd/system/default.target.wants"
    ln -s ../record.service "$1/etc/systemd/system/default.target.wants/"
}

make_root() { # NAME: $BUILD/NAME/disk, with its kernel beside it
    local dir=$BUILD/$1 root=$BUILD/$1/root
    make_base "$suite"
    rm -rf "$dir"
    mkdir -p "$dir"
    cp -a --reflink=auto "$BUILD/base/$suite" "$root"
    cp --remove-destination /etc/resolv.conf "$root/etc/resolv.conf"
    # shellcheck disable=SC2086
    [ -z "$packages" ] || inside "$root" apt-get install -qy ${recommends:---no-install-recommends} $packages
    rm "$root/usr/sbin/policy-rc.d"
    echo "$hostname" >"$root/etc/hostname"
    printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$hostname" >"$root/etc/hosts"
    echo '/dev/vda / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
    inside "$root" useradd -m -s /bin/bash alice
    write_network "$root"
    write_recorder "$root"
    inside "$root" bash -c "$(declare -f prepare); prepare"
    cp "$root"/boot/vmlinuz-* "$dir/vmlinuz"
    cp "$root"/boot/initrd.img-* "$dir/initrd"
    truncate -s 40G "$dir/disk.new"
    mke2fs -q -t ext4 -E lazy_itable_init=1 -d "$root" "$dir/disk.new"
    rm -rf "$root"
    mv "$dir/disk.new" "$dir/disk"
}

boot() { # NAME: what it hands out is $BUILD/NAME/out.tar
    local dir=$BUILD/$1
    rm -rf "$dir/recorder"
    mkdir "$dir/recorder"
    cp -r "$(command -v node)" "$repository/dist" "$BUILD/busybox.tar" "$dir/recorder/"
    cp "$here/in-guest.sh" "$dir/recorder/run"
    cp "$here/recipes/$1.sh" "$dir/recorder/recipe"
    tar cf "$dir/recorder.tar" -C "$dir/recorder" .
    rm -rf "$dir/recorder" "$dir/out.tar"
    truncate -s 8M "$dir/out.tar"
    timeout 900 nice -n 3 qemu-system-x86_64 -accel "${ACCEL:-tcg,thread=multi}" -cpu Nehalem -smp 2 -m 3072 -display none -monitor none \
        -no-reboot -serial "file:$dir/console" -kernel "$dir/vmlinuz" -initrd "$dir/initrd" \
        -append "root=/dev/vda ro console=ttyS0 quiet mitigations=off $append" \
        -drive "file=$dir/disk,if=virtio,format=raw,snapshot=on" -drive "file=$dir/out.tar,if=virtio,format=raw" \
        -drive "file=$dir/recorder.tar,if=virtio,format=raw,readonly=on" \
        -nic user,model=virtio-net-pci,hostname=host -device virtio-rng-pci
}

record() { # NAME
    local name=$1 suite='' hostname='' packages='' append='' recommends=''
    prepare() { :; }
    # shellcheck source=/dev/null
    . "$here/recipes/$name.sh"
    [ "$BUILD/$name/disk" -nt "$here/recipes/$name.sh" ] || make_root "$name"
    boot "$name"
    tar xf "$BUILD/$name/out.tar" -C "$BUILD/$name" || { tail -30 "$BUILD/$name/console"; return 1; }
    node "$here/finish.mjs" "$BUILD/$name" "$name" "$here/.."
    (cd "$repository" && npx biome format --write "test/hosts/$name.json" "test/hosts/$name.user.json")
    echo "recorded $name"
}

mkdir -p "$BUILD"
[ -e "$BUILD/busybox.tar" ] || (
    cd "$BUILD"
    apt-get download -q busybox-static
    dpkg-deb --fsys-tarfile busybox-static_*.deb | tar x ./bin/busybox
    for applet in sh httpd sleep; do ln -sf busybox bin/$applet; done
    tar cf busybox.tar bin
)
# shellcheck disable=SC2046
[ $# -gt 0 ] || set -- $(basename -s .sh "$here"/recipes/*.sh)
if [ $# -eq 1 ]; then
    record "$1"
    exit
fi
# Each in a process of its own: what fails there ends that host's recording and no other's.
for name in "$@"; do
    "$0" "$name" || echo "not recorded: $name, see $BUILD/$name/console and log"
done
