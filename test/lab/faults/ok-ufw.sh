desc="ufw is on, with DEFAULT_FORWARD_POLICY DROP, and lets in what is served: Docker's rules come first"
kind=decoy expect=none
evidence="ufw status: active; iptables -S FORWARD: DOCKER-USER before ufw-before-forward"
fix="none"
inject() { ufw_up 'allow 22/tcp' 'allow 8090/tcp' 'allow 8081/tcp' 'allow in on docker0'; }
heal() { ufw_down; }
symptom() { hs 'ufw status verbose; iptables -S FORWARD'; }
