desc="docker.sock belongs to the group root"
kind=break expect=socket-wrong-group breaks=user
finding=security/docker-socket#wrongGroup
evidence="stat /run/docker.sock: root:root 0660; group docker exists"
fix="chgrp docker /run/docker.sock (find the flag or unit that says so)"
inject() { h chgrp root /run/docker.sock; }
heal() { h chgrp docker /run/docker.sock; }
symptom() { us 'docker ps; ls -l /var/run/docker.sock'; }
