/** Command lines as people paste them: behind any prompt, in a headline, or alone. */

/** A command line, with what its prompt tells. */
export interface CommandLine {
  readonly command: string
  /** It was run inside a container: what it says is not the host's. */
  readonly inContainer: boolean
  /** Of the machine, where the prompt names it. */
  readonly host?: string
  /** Where it was run, as far as the prompt tells: a path, its end, `~`. */
  readonly folder?: string
}

/** Programs whose name at the start of a line makes it a command, also without a prompt that nothing else begins with. */
const PROGRAMS =
  'apk|apt|apt-cache|apt-get|aa-status|bridge|brctl|cat|containerd|crictl|ctr|curl|date|df|dig|dmesg|dnf|docker|docker-compose|dockerd|dpkg|echo|env|ethtool|find|findmnt|firewall-cmd|free|getcap|getconf|getenforce|getent|getfacl|grep|groups|head|hostname|hostnamectl|id|ifconfig|iptables|iptables-legacy|iptables-legacy-save|iptables-nft|iptables-nft-save|iptables-save|ip6tables|ip|journalctl|kubectl|kubeadm|less|loginctl|ls|lsb_release|lscpu|lsmod|lsof|modprobe|modinfo|more|mount|nc|netstat|networkctl|nft|nmcli|nproc|nslookup|ping|pgrep|podman|printenv|ps|resolvectl|route|rpm|runc|service|sestatus|snap|ss|stat|sysctl|systemctl|systemd-detect-virt|tail|tcpdump|telnet|timedatectl|traceroute|type|ufw|umask|uname|update-alternatives|vi|vim|wget|which|whoami|xfs_info|yum|zcat|zgrep'
const KNOWN = new RegExp(
  `^(?:sudo (?:-\\S+ )*)?(?:[A-Z_]+=\\S* )*(?:/(?:usr/)?(?:local/)?s?bin/)?(?:${PROGRAMS})(?=\\s|$|[;|&])`,
)

/** Prompts that nothing else looks like. The first group is the command. */
const PROMPTS: readonly RegExp[] = [
  // [root@host ~]# …   (venv) [user@host dir]$ …
  /^\s{0,8}(?:\([\w.-]{1,40}\) ?)?\[[^\]\s@]{1,64}@[^\]]{1,128}\]\s?[#$%>]\s?(\S.*)$/,
  // user@host:~/dir$ …   root@host /dir # …
  /^\s{0,8}(?:\([\w.-]{1,40}\) ?)?[\w.-]{1,64}@[\w.-]{1,64}(?::|\s)\s?[^\s#$%]{0,128}\s?[#$%]\s?(\S.*)$/,
  // PS C:\> …   C:\Users\me>…
  /^\s{0,8}(?:PS )?[A-Z]:\\[^>]{0,128}>\s?(\S.*)$/,
  /^\s{0,8}PS>\s?(\S.*)$/,
  // themes of zsh and fish
  /^\s{0,8}[➜❯λ»]\s+(?:~\s+|[\w./~-]{1,64}\s+)?(\S.*)$/u,
]
/** Marks that also begin comments, headings, quotes and lists: they count before a program that is known. */
const WEAK = /^\s{0,8}(?:[#>*+-]\s{0,3}|\d{1,2}[.)、]\s{0,3})?`?([^`]+)`?$/
/** Characters. Whoever writes a command without a prompt writes a short one. */
const LONGEST_WEAK = 400
const DOLLAR = /^\s{0,8}(?:[>*-]\s{0,3})?[$%]\s?(\S.*)$/

/** The id that the engine gives a container as its host name, and shells that say no more than where they are. */
const CONTAINER = /^\s{0,8}(?:\[?[\w.-]{1,64}@[0-9a-f]{12}\b|(?:\/[\w./-]{0,64})? ?# )/

/** What images hardly ever have: behind a bare `#` it is root's shell on the host. */
const OF_HOSTS =
  /^\s{0,8}# (?:(?:sudo|systemctl|journalctl|docker|dockerd|iptables(?:-\w+)*|nft|firewall-cmd|ufw|lsmod|modprobe|getenforce)(?=\s|$)|(?:cat|less|vim?|nano) (?:-n )?\/(?:etc\/(?:docker|default\/docker|systemd)|(?:usr\/)?lib\/systemd))/

const isInContainer = (line: string): boolean => CONTAINER.test(line) && !OF_HOSTS.test(line)

/** `user@host:folder$`, `[user@host folder]#` */
const PLACE = /^\s{0,8}(?:\([\w.-]{1,40}\) ?)?\[?[\w.-]{1,64}@([\w.-]{1,64})(?:[: ]\s?([^\s#$%\]]{1,128}))?/

/** What a prompt that names its user says of the place. */
function placeOf(line: string): Pick<CommandLine, 'host' | 'folder'> {
  const [, host, folder] = PLACE.exec(line) ?? []
  return { ...(host ? { host } : {}), ...(folder ? { folder } : {}) }
}

/** The command of a line behind a prompt; null where it is none. */
export function commandOf(line: string): CommandLine | null {
  const inContainer = isInContainer(line)
  for (const prompt of PROMPTS) {
    const command = prompt.exec(line)?.[1]
    if (command !== undefined) return { command: command.trim(), inContainer, ...placeOf(line) }
  }
  const afterDollar = DOLLAR.exec(line)?.[1]?.trim()
  if (afterDollar !== undefined && (/^\$\s/.test(line.trim()) || KNOWN.test(afterDollar)))
    return { command: afterDollar, inContainer: false }
  const alone = line.length <= LONGEST_WEAK ? WEAK.exec(line.trimEnd())?.[1]?.trim() : undefined
  if (alone !== undefined && KNOWN.test(alone) && !isSentence(alone)) return { command: alone, inContainer }
  return null
}

/** Words follow one another as they do in prose, or the line ends as a sentence or a headline does. */
const isSentence = (line: string): boolean =>
  /[\p{Script=Han}]|[.:：;,!?]$|:\s|(?<![-/.\w])(?:the|is|are|was|to|and|but|not|of|it|with|in|on|from|after|when|since|because|inside|fails?|failed|cannot|can't|does(?:n't)?|won't|works?|errors?|output|shows?|says?)(?![-/.\w])/iu.test(
    line,
  )

const HEADLINE = /[:：]\s*(?:\*{2})?\s*$/
const QUOTED = /`([^`]{2,200})`/

/** What a headline announces: `Output of docker info:`, `cat /etc/docker/daemon.json:`, `/etc/docker/daemon.json：`. */
export function announced(line: string): string | null {
  const text = line.replace(/^[\s#>*-]+/, '').trim()
  if (text.length > 200) return null
  const quoted = QUOTED.exec(text)?.[1]?.trim()
  const before = text.replace(HEADLINE, '').trim()
  const isHeadline =
    HEADLINE.test(text) ||
    text === '/etc/docker/daemon.json' ||
    /^\**(?:output of|the output of|content)/i.test(text)
  if (quoted !== undefined && (isHeadline || quoted === before.replace(/[`*]/g, ''))) return subject(quoted)
  if (!isHeadline) return null
  const known = new RegExp(`(?<![\\w.-])(?:${PROGRAMS})(?: [\\w./=-]+)*$`).exec(before)?.[0]
  return subject(known ?? before.split(/\s+/).at(-1) ?? '')
}

/** A path stands for its content. */
function subject(text: string): string | null {
  const bare = text.replace(/^[`"'*]+|[`"'*]+$/g, '')
  if (/^(?:\/[\w.@-]+)+$/.test(bare)) return `cat ${bare}`
  if (/^daemon\.json$/.test(bare)) return 'cat /etc/docker/daemon.json'
  return KNOWN.test(bare) ? bare : null
}

/** First lines that only one command prints: people leave the command away. */
const HEADS: readonly (readonly [RegExp, string])[] = [
  [/^\S? ?docker\.service - /, 'systemctl status docker'],
  [/^# \/\S+\/systemd\/system\/docker\.service$/, 'systemctl cat docker'],
  [/^Filesystem\s.*\bMounted on$|^文件系统\s.*挂载点$/, 'df'],
  [/^info: reading kernel config from /, 'check-config.sh'],
  [/^# Generated by iptables-save v/, 'iptables-save'],
  [/^(?:uid|用户id)=\d+\(\S+ (?:gid|组id)=\d+\(/, 'id'],
  [/^docker:x:\d+:\S*$/, 'getent group docker'],
  [/^s[rwx-]{9}\S? .*\/run\/docker\.sock$/, 'ls -l /var/run/docker.sock'],
]

/** The command that prints this line first; null where none is known by it. */
export const headOf = (line: string): string | null =>
  HEADS.find(([pattern]) => pattern.test(line.trim()))?.[1] ?? null
