desc="docker-proxy missing: nothing with a published port starts"
kind=break expect=docker-proxy-missing breaks=published
evidence="command -v docker-proxy fails"
fix="reinstall docker (docker-proxy) and restart docker (20.10 keeps the port of the failed start allocated)"
inject() { hs 'mv /usr/sbin/docker-proxy /usr/sbin/docker-proxy.away'; d stop -t 1 web; }
heal() { hs 'mv /usr/sbin/docker-proxy.away /usr/sbin/docker-proxy'; drestart; d start web; }
symptom() { h docker run --rm -p 8099:80 bb:1 true; echo "exit status $?"; }
