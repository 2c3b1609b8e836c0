desc="the mirror is a registry but lacks the image (not a pull-through cache of Docker Hub)"
kind=break expect=mirror-lacks-image breaks=pull-mirror
evidence="GET /v2/library/hub/manifests/1 is 404 on the mirror, /v2/ is 200"
fix="use a pull-through cache, or push the image there"
inject() { h true; mv "$(st)/registry/docker/registry/v2/repositories/library" "$(st)/library.away"; }
heal() { mv "$(st)/library.away" "$(st)/registry/docker/registry/v2/repositories/library"; }
symptom() { h docker pull hub:1; echo "exit status $?"; hget http://10.77.0.1:5000/v2/; hget http://10.77.0.1:5000/v2/library/hub/manifests/1; }
