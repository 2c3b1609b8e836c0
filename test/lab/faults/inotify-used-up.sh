desc="one user's programs have taken all of his inotify instances"
kind=risk expect=inotify-limit
finding=host/limits#noInstances
evidence="fs.inotify.max_user_instances 128; 128 inotify file descriptors of uid 4242"
fix="sysctl fs.inotify.max_user_instances=1024, or end the program"
inject() {
    hs 'setsid -f setpriv --reuid 4242 --regid 4242 --clear-groups python3 -c "
import ctypes, time
libc = ctypes.CDLL(None)
while libc.inotify_init() >= 0: pass
time.sleep(3600)" >/dev/null 2>&1 </dev/null; sleep 1'
}
heal() { hs 'pkill -u 4242 -x python3; sleep 0.5'; }
# not below /etc: tail never watches a file of an overlay
symptom() {
    hs 'echo started >/run/app.log'
    typed u timeout 2 tail -f /run/app.log
    hs 'rm /run/app.log'
}
risk_bad() { u python3 -c 'import ctypes, sys; sys.exit(0 if ctypes.CDLL(None).inotify_init() < 0 else 1)'; }
