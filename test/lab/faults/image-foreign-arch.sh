desc="an image for arm64: exec format error"
kind=break expect=image-architecture breaks=published
finding=engine/images#foreign
evidence="docker image inspect arm:1: arm64; host amd64; exec /bin/busybox: exec format error"
fix="pull the image for this platform"
inject() { # busybox whose header says aarch64, for the kernel asks no more; 'docker import --platform' is experimental in 20.10
    in_ns host python3 -c "
import hashlib, io, json, tarfile
def pack(target, files):
    t = tarfile.open(target, 'w') if isinstance(target, str) else tarfile.open(fileobj=target, mode='w')
    for name, data in files.items():
        i = tarfile.TarInfo(name)
        i.size, i.mode = len(data), 0o755
        t.addfile(i, io.BytesIO(data))
    t.close()
b = bytearray(open('/usr/bin/busybox', 'rb').read())
b[18:20] = (183).to_bytes(2, 'little')
layer = io.BytesIO()
pack(layer, {'bin/busybox': bytes(b)})
layer = layer.getvalue()
config = json.dumps({'architecture': 'arm64', 'os': 'linux', 'config': {'Entrypoint': ['/bin/busybox']},
    'rootfs': {'type': 'layers', 'diff_ids': ['sha256:' + hashlib.sha256(layer).hexdigest()]}}).encode()
manifest = json.dumps([{'Config': 'config.json', 'RepoTags': ['arm:1'], 'Layers': ['layer.tar']}]).encode()
pack('/run/lab/arm.tar', {'config.json': config, 'layer.tar': layer, 'manifest.json': manifest})"
    h docker load -q -i /run/lab/arm.tar
    d rm -f app
    d run -d --name app --restart always --label lab.port=8082 -p 8082:80 arm:1 httpd -f -p 80
    sleep 2
}
heal() { d rm -f app; d rmi arm:1; app 8082:80 httpd -f -p 80 -h /www; }
cleanup() { noapp; hs 'rm -f /run/lab/arm.tar'; }
symptom() { h docker run --rm arm:1 true; xs $?; h docker image inspect -f '{{.Architecture}}' arm:1; }
