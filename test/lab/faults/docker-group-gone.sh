desc="the group docker was deleted: the socket belongs to root alone"
kind=break expect=docker-group-missing breaks=user
finding=security/docker-group#startNeedsIt
evidence="getent group docker is empty; stat /run/docker.sock: root:root"
fix="groupadd docker; usermod -aG docker tester; service docker restart; log in again"
inject() { keep /etc/group; h groupdel docker; drestart; session_new; web_wait; }
heal() { back /etc/group; drestart; session_new; web_wait; }
symptom() { us 'docker ps; getent group docker; ls -l /var/run/docker.sock'; }
