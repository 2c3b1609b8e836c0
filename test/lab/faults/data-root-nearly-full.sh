desc="file system of data-root is 95 % full: works today"
kind=risk expect=data-root-nearly-full
evidence="df /var/lib/docker: 95 % or more"
fix="docker system prune, bigger disk"
inject() { altroot_loop 200 -O ^has_journal; hs 'a=$(df -k --output=avail /var/lib/docker | tail -n 1); fallocate -l $(( (a - 14000) * 1024 )) /var/lib/docker/volumes/dump.bin'; }
heal() { hs 'rm -f /var/lib/docker/volumes/dump.bin'; }
cleanup() { altroot_umount; }
symptom() { hs 'df -h /var/lib/docker | tail -n 1'; }
risk_bad() { hs 'p=$(df --output=pcent /var/lib/docker | tail -n 1 | tr -dc 0-9); echo "$p %"; [ "$p" -ge 90 ]'; }
