/** What tells most about a host that is unwell, where a text tells nothing. */
export const COLLECT: readonly string[] = [
  'the whole error message, with the command that gave it',
  'journalctl -u docker -u containerd -n 50 --no-pager (or the end of /var/log/docker.log)',
  'docker info, docker version',
  'cat /etc/docker/daemon.json; systemctl cat docker',
  'for a container that cannot be reached: ip route; sudo iptables-save; docker network inspect NETWORK',
]
