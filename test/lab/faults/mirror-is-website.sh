desc="the mirror's address answers with a web site, not with a registry"
kind=break expect=mirror-not-a-registry breaks=pull-mirror
finding=registry/mirrors#dead
evidence="GET http://10.77.0.1:8080/v2/ is 404 without Docker-Distribution-Api-Version"
fix="correct the mirror"
inject() { djset 'c["registry-mirrors"]=["http://10.77.0.1:8080"]'; drestart; web_wait; }
heal() { djback; drestart; web_wait; }
symptom() { h docker pull hub:1; xs $?; hs 'curl -si http://10.77.0.1:8080/v2/ | head -n 3'; }
