desc="containerd-shim-runc-v2 missing"
kind=break expect=containerd-shim-missing breaks=run
evidence="command -v containerd-shim-runc-v2 fails"
fix="reinstall containerd"
inject() { hs 'mv /usr/bin/containerd-shim-runc-v2 /usr/bin/shim.away'; }
heal() { hs 'mv /usr/bin/shim.away /usr/bin/containerd-shim-runc-v2'; }
symptom() { h docker run --rm bb:1 true; echo "exit status $?"; }
