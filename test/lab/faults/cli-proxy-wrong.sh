desc="~/.docker/config.json gives every container a proxy that is not there"
kind=break expect=client-proxy-wrong breaks=http
evidence="~/.docker/config.json proxies.default.httpProxy; env in containers"
fix="remove or correct proxies in ~/.docker/config.json"
inject() { hs 'mkdir -p /root/.docker; echo "{\"proxies\":{\"default\":{\"httpProxy\":\"http://10.77.0.99:3128\",\"httpsProxy\":\"http://10.77.0.99:3128\"}}}" >/root/.docker/config.json'; }
heal() { hs 'rm -rf /root/.docker'; }
symptom() { h docker run --rm bb:1 sh -c 'env | grep -i proxy; timeout 5 wget -O /dev/null http://10.77.0.1:8080/'; echo "exit status $?"; }
