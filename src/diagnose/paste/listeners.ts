/** What `ss` and `netstat` print of ports that are listened on, as `ss` prints them for the facts. */
import { type Found, printed } from './found.ts'

const SS = '$ ss -H -l -n -t -u -p'

/** `-tulpn`, `-l -n -t`: listening TCP ports, by their numbers. */
const asksForListeners = (options: string): boolean =>
  ['l', 'n', 't'].every((letter) => options.includes(letter))

/** Only root is told whose a port is; without a name it may be the engine's own. */
const isNamed = (line: string): boolean => line.includes('users:((')

/** A list of TCP alone shows that a port is taken, too: what is not in it proves nothing to any check. */
export function listenerReadings(output: string, options: string): Found {
  if (!asksForListeners(options)) return {}
  const lines = output.split('\n').flatMap((line) => fromSs(line) ?? fromNetstat(line) ?? [])
  const named = lines.filter(isNamed)
  return named.length > 0 ? printed(SS, named.join('\n')) : {}
}

/** Where only one protocol was asked for, `ss` does not name it. */
function fromSs(line: string): string | null {
  const text = line.trim().replace(/\s+/g, ' ')
  if (/^LISTEN \d+ \d+ \S+:\d+ \S+/.test(text)) return `tcp ${text}`
  return /^(?:tcp LISTEN|udp UNCONN) \d+ \d+ \S+:\d+ \S+/.test(text) ? text : null
}

/** `tcp6 0 0 :::80 :::* LISTEN 812/nginx: master` */
function fromNetstat(line: string): string | null {
  const [, protocol = '', local = '', rest = ''] =
    /^\s*(tcp|udp)6?\s+\d+\s+\d+\s+(\S+:\d+)\s+\S+:\*\s*(.*)$/.exec(line) ?? []
  if (protocol === '' || (protocol === 'tcp' && !rest.startsWith('LISTEN'))) return null
  const [, pid, program] = /(?:^|\s)(\d{1,10})\/([^\s:"]+)/.exec(rest) ?? []
  const users = pid === undefined ? '' : ` users:(("${program}",pid=${pid},fd=0))`
  return `${protocol} LISTEN 0 0 ${local} *:*${users}`
}

/** The engine runs, and listens. */
export const showsEngine = (output: string): boolean =>
  /users:\(\("dockerd"|\bLISTEN\s+\d{1,10}\/dockerd\b/.test(output)
