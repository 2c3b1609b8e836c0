desc="the user has 1000 subordinate ids: images with higher ids fail to unpack"
kind=risk expect=rootless-subuid
profile=rootless
finding=engine/rootless#fewIds
evidence="/etc/subuid tester:300000:1000"
fix="usermod --del-subuids 300000-300999 --add-subuids 300000-365535 tester"
inject() { uidmap_up; hs 'echo tester:300000:1000 >/etc/subuid'; }
heal() { hs 'echo tester:300000:65536 >/etc/subuid'; }
cleanup() { uidmap_down; }
symptom() {
    hs 'mkdir /run/image && cd /run/image && echo data >file && tar -cf layer.tar --owner=:70000 --group=:70000 file && mkdir -m 777 layer'
    typed u unshare --user --map-root-user --map-auto tar -C /run/image/layer -xf /run/image/layer.tar
    hs 'rm -rf /run/image'
}
risk_bad() { hs '[ "$(sed -n s/^tester:[0-9]*://p /etc/subuid)" -lt 65536 ]'; }
