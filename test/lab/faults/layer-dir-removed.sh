desc="someone deleted a layer folder under overlay2 by hand to free space"
kind=break expect=data-root-damaged breaks=run
evidence="docker image inspect GraphDriver.Data.UpperDir does not exist"
fix="remove the containers and the image, pull / import again"
inject() { hs 'u=$(docker image inspect -f "{{.GraphDriver.Data.UpperDir}}" bb:1); mv "${u%/diff}" "$(dirname "${u%/diff}").gone"'; }
heal() { hs 'docker rm -f $(docker ps -aq); docker rmi -f bb:1; docker system prune -af; rm -rf /var/lib/docker/overlay2.gone'; load_image; web_up; }
symptom() { h docker run --rm bb:1 true; echo "exit status $?"; }
