desc="another program on the host holds the port a container wants"
kind=break expect=port-in-use breaks=published
evidence="ss -ltnp sport = :8081 shows a process that is not docker-proxy"
fix="stop that process or publish another port"
inject() { d stop -t 1 web; bg host squat busybox httpd -f -p 8081 -h /srv; }
heal() { unbg host squat; d start web; }
symptom() { h docker start web; hs 'ss -ltnp "sport = :8081"'; }
