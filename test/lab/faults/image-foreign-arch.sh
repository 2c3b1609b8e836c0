desc="an image for arm64: exec format error"
kind=break expect=image-architecture breaks=published
evidence="docker image inspect arm:1: arm64; host amd64; exec /bin/busybox: exec format error"
fix="pull the image for this platform"
inject() { # busybox whose header says aarch64: the kernel asks no more
    in_ns host python3 -c "
import io, tarfile
b = bytearray(open('/usr/bin/busybox', 'rb').read())
b[18:20] = (183).to_bytes(2, 'little')
t = tarfile.open('/run/lab/arm.tar', 'w')
i = tarfile.TarInfo('bin/busybox')
i.size, i.mode = len(b), 0o755
t.addfile(i, io.BytesIO(b))
t.close()"
    h docker import --platform linux/arm64 --change 'ENTRYPOINT ["/bin/busybox"]' /run/lab/arm.tar arm:1
    d rm -f app
    d run -d --name app --restart always --label lab.port=8082 -p 8082:80 --platform linux/arm64 arm:1 httpd -f -p 80
    sleep 2
}
heal() { d rm -f app; d rmi arm:1; app 8082:80 httpd -f -p 80 -h /www; }
cleanup() { noapp; hs 'rm -f /run/lab/arm.tar'; }
symptom() { h docker run --rm --platform linux/arm64 arm:1 true; xs $?; h docker image inspect -f '{{.Architecture}}' arm:1; }
