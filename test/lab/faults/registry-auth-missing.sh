desc="the registry wants a login, nobody has logged in"
kind=break expect=registry-auth breaks=pull-tls
evidence="GET /v2/ answers 401 with WWW-Authenticate; ~/.docker/config.json has no auths entry for reg.lab.test:5443"
fix="docker login reg.lab.test:5443"
inject() {
    perl -e 'print "lab:" . crypt("lab", "\$2b\$05\$" . "laboratoryhostregistry") . "\n"' >"$(st)/htpasswd"
    REG_AUTH=1 tls_registry good
    sleep 0.5
}
heal() { hs 'echo lab | docker login -u lab --password-stdin reg.lab.test:5443'; }
cleanup() { tls_registry good; h rm -rf /root/.docker; sleep 0.5; }
symptom() { h docker pull reg.lab.test:5443/bulk:1; echo "exit status $?"; }
