/** What `id`, `getent group` and `ls -l` of the engine's socket print, as the accounts and the files that they tell of. */
import { ENGINE_SOCKET } from '../../facts/engine.ts'
import type { Stat } from '../../model/source.ts'
import { type Found, statOf } from './found.ts'

/** A socket that was given to no group of its own. */
const OF_ROOT_ALONE = /^s[rwxsStT-]{9}\.? +\d+ +root +root .*docker\.sock$/m

/**
 * What the name service says of the group is its last word: the files need not be asked for others. That it says nothing counts where the socket is
 * shown to have no group, either: else the command may have been written down only.
 */
export function groupReadings(output: string, text: string): Found {
  if (output === '' && OF_ROOT_ALONE.test(text))
    return { '/etc/group': 'root:x:0:\n', '/etc/nsswitch.conf': null }
  const entry = /^docker:[^:\n]*:\d+:\S*$/m.exec(output)?.[0]
  return entry === undefined ? {} : { '/etc/group': `${entry}\n`, '/etc/nsswitch.conf': null }
}

/** `uid=1000(me) gid=1000(me) groups=1000(me),27(sudo)` */
export function idReadings(output: string): Found {
  const [, uid, user, gid, rest = ''] =
    /(?:uid|用户id)=(\d{1,10})\(([^)]{1,64})\) (?:gid|组id)=(\d{1,10})\([^)]{0,64}\)(?: (?:groups|组)=(\S+))?/.exec(
      output,
    ) ?? []
  if (uid === undefined || user === undefined || gid === undefined) return {}
  const ids = [...rest.matchAll(/(\d+)\(/g)].map(([, id]) => Number(id))
  const docker = /(\d{1,10})\(docker\)/.exec(rest)?.[1]
  return {
    identity: { uid: Number(uid), gid: Number(gid), user, groups: ids, pid: 0 },
    '/etc/passwd': `${user}:x:${uid}:${gid}::/home/${user}:/bin/sh\n`,
    ...(docker === undefined ? {} : groupReadings(`docker:x:${docker}:${user}`, '')),
  }
}

/** An ordinary user's number: which, matters to nobody. */
const SOME_USER = 1000

/** `id -nG`, `groups`: the user's own group first. Of the others only the engine's counts, and where the text shows its number. */
export function groupNameReadings(output: string, text: string): Found {
  const names = output.trim().split(/\s+/)
  const [user = ''] = names
  const docker = idOf('docker', text)
  if (docker === null || user === 'root' || !names.every((name) => /^[\w.-]{1,32}$/.test(name))) return {}
  const groups = [SOME_USER, ...(names.includes('docker') ? [docker] : [])]
  return {
    identity: { uid: SOME_USER, gid: SOME_USER, user, groups, pid: 0 },
    '/etc/passwd': `${user}:x:${SOME_USER}:${SOME_USER}::/home/${user}:/bin/sh\n`,
  }
}

const TYPES: Readonly<Record<string, Stat['type']>> = { s: 'socket', d: 'directory', '-': 'file' }

/** `srw-rw---- 1 root docker 0 … /var/run/docker.sock`, or what stat prints; with an access list (`+`) the bits do not tell who may. */
export function socketReadings(output: string, text: string): Found {
  const [, kind = '', bits = '', user = '', group = ''] =
    /^([sd-])([rwxsStT-]{9})\.? +\d+ +(\S+) +(\S+) .*docker\.sock$/m.exec(output) ??
    /^Access: \(\d{4}\/([sd-])([rwxsStT-]{9})\) +Uid: \( *(\d+)\/[^)]*\) +Gid: \( *(\d+)\//m.exec(output) ??
    []
  const uid = idOf(user, text)
  const gid = idOf(group, text)
  if (uid === null || gid === null) return {}
  const type = TYPES[kind] ?? 'other'
  return {
    [`stat ${ENGINE_SOCKET}`]: statOf(type, modeOf(bits), { uid, gid }),
  }
}

/** The number behind a name, where the text shows it beside the name: `998(docker)`, `docker:x:998:`. */
function idOf(name: string, text: string): number | null {
  if (name === 'root') return 0
  if (/^\d{1,10}$/.test(name)) return Number(name)
  if (!/^[\w-]{1,32}$/.test(name)) return null
  if (shown.text !== text) shown = { text, ids: idsIn(text) }
  return shown.ids.get(name) ?? null
}

/** Of the text that was asked last: it is asked for each of its commands. */
let shown: { readonly text: string; readonly ids: ReadonlyMap<string, number> } = { text: '', ids: new Map() }

function idsIn(text: string): ReadonlyMap<string, number> {
  const ids = new Map<string, number>()
  for (const [, before, one, other, behind] of text.matchAll(
    /\b(\d{1,10})\(([\w-]{1,32})\)|^([\w-]{1,32}):[^:\n]*:(\d{1,10}):/gm,
  )) {
    const name = one ?? other ?? ''
    if (!ids.has(name)) ids.set(name, Number(before ?? behind))
  }
  return ids
}

const modeOf = (bits: string): number =>
  [...bits].reduce((mode, bit, at) => mode | (bit === '-' ? 0 : 1 << (8 - at)), 0)
