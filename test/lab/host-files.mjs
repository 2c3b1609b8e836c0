// What a fix may write on a host, as lines that can be compared: what each path is, and what files hold.
// Not the engine's own state, which it writes all the time, nor logs, nor what containers write.
// The engine makes its key and its zone and policy of firewalld when it starts.
const FILES = `
cd / || exit 1
list() {
    find etc home root/.docker boot srv/build -xdev ! -path etc/resolv.conf ! -path etc/docker/key.json ! -path 'etc/firewalld/zones/docker.xml*' \\
        ! -path 'etc/firewalld/policies/docker-forwarding.xml*' \\
        ! -path '*/.docker/.token_seed*' "$@" 2>/dev/null
}
find srv/data -maxdepth 0 -printf '%p %y %m %U:%G\\n' 2>/dev/null
list \\( -type f -o -type l -o -type d \\) -printf '%p %y %m %U:%G %l\\n' | sort
# Programs: too many to read all.
find usr/bin usr/sbin ! -type d -printf '%p %y %m %U:%G %s %l\\n' | sort
list -type f -print0 | sort -z | xargs -0 sha256sum
# What systemd has, and which services run.
if [ -d run/systemd/system ]; then
    find usr/lib/systemd/system ! -type d -printf '%p %y %m %s %l\\n' | sort
    for unit in docker.service docker.socket containerd.service firewalld.service ufw.service systemd-networkd.service systemd-resolved.service; do
        echo "$unit is $(systemctl is-enabled $unit 2>/dev/null)"
        case $(systemctl is-active $unit) in active) echo "running $unit" ;; activating | failed) echo "failing $unit" ;; esac
    done
fi
# These write it whenever they like.
pgrep -x 'dhcpcd|NetworkManager' >/dev/null || { find etc/resolv.conf -printf '%p %y %m %U:%G %l\\n'; sha256sum etc/resolv.conf; } 2>/dev/null
`

export const filesOf = async (lab, host) => (await lab('exec', host, 'sh', '-c', FILES)).stdout.split('\n')

const isAbout = (sign, what) => (line) => line.startsWith(`${sign} ${what} `)
/** Whether a line of the difference says that a service runs no more. */
export const isStopped = isAbout('-', 'running')

/** Whether a line says that a service, which had failed or was about to, runs or is silent now. */
export const isNoFailureMore = (line, differs) =>
  isAbout('-', 'failing')(line) ||
  isAbout('+', 'failing')(line) ||
  (isAbout('+', 'running')(line) && differs.includes(line.replace('+ running', '- failing')))

export function difference(before, after) {
  const [old, fresh] = [new Set(before), new Set(after)]
  const gone = before.filter((line) => !fresh.has(line)).map((line) => `- ${line}`)
  const added = after.filter((line) => !old.has(line)).map((line) => `+ ${line}`)
  return [...gone, ...added]
}
