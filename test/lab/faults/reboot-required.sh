desc="an update of the kernel waits for a reboot"
kind=risk expect=reboot-pending
finding=host/pending-reboot#asked
evidence="/run/reboot-required, /run/reboot-required.pkgs names linux-image"
fix="reboot"
inject() { hs 'echo "*** System restart required ***" >/run/reboot-required; printf "linux-image-6.1.0-40-amd64\nlibc6\n" >/run/reboot-required.pkgs'; }
heal() { hs 'rm -f /run/reboot-required /run/reboot-required.pkgs'; } # as the boot itself does: /run is empty then
symptom() { hs 'cat /run/reboot-required*'; }
risk_bad() { h test -e /run/reboot-required; }
