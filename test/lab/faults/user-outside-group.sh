desc="the user is not in the group docker"
kind=break expect=user-not-in-docker-group breaks=user
finding=security/docker-group#notMember
evidence="getent group docker lacks tester"
fix="usermod -aG docker tester; log in again"
inject() { h gpasswd -d tester docker; session_new; }
heal() { h gpasswd -a tester docker; session_new; }
symptom() { us 'docker ps; id'; }
