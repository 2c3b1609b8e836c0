desc="daemon.json with CRLF line ends and tabs (valid JSON)"
kind=decoy expect=none
evidence="file daemon.json"
fix="none"
inject() { keep "$DJ"; hs 'sed -i "s/^  /\t/; s/\$/\r/" /etc/docker/daemon.json'; drestart; web_wait; }
heal() { djback; drestart; }
symptom() { hs 'head -n 2 /etc/docker/daemon.json | od -c | head -n 2'; }
