desc="the user was added to group docker, but the session is older"
kind=break expect=group-not-in-session breaks=user
evidence="getent group docker has tester; id -Gn of the session does not have docker"
fix="log out and in (or newgrp docker)"
inject() { h gpasswd -d tester docker; session_new; h gpasswd -a tester docker; }
heal() { session_new; }
symptom() { us 'id; getent group docker; docker ps'; }
