/**
 * Turns pasted commands and files into readings under the keys of the sources that facts read, so that the ordinary checks judge them. Only
 * what says the same is translated: where a command shows less than the source, there is no reading, and the check says that it cannot tell.
 */
import { ENGINE_SOCKET } from '../../facts/engine.ts'
import { sysctlPath } from '../../facts/sysctl.ts'
import type { Entry, Readings } from '../../hosts/memory.ts'
import { missing } from '../../model/reading.ts'
import type { Stat } from '../../model/source.ts'
import type { Block, Paste } from './blocks.ts'
import { infoBody, versionBody } from './docker-info.ts'

type Found = Record<string, Entry>

interface Translator {
  /** Of the command line, without sudo. */
  readonly command: RegExp
  readonly translate: (output: string, match: RegExpExecArray) => Found
}

/** What an old iproute2 says to `-j`; the facts then read the text. */
const NO_JSON = { stdout: '', stderr: 'Option "-j" is unknown', exit: 255 }
const version = `GET unix://${ENGINE_SOCKET} /version`
const info = `GET unix://${ENGINE_SOCKET} /info`
const answer = (body: Readonly<Record<string, unknown>> | null): Entry | undefined =>
  body === null ? undefined : { status: 200, headers: {}, body: JSON.stringify(body) }
const given = (entries: Readonly<Record<string, Entry | undefined>>): Found =>
  Object.fromEntries(
    Object.entries(entries).flatMap(([key, entry]) => (entry === undefined ? [] : [[key, entry]])),
  )

const line = (text: string): string => text.trim().split('\n')[0]?.trim() ?? ''

const TRANSLATORS: readonly Translator[] = [
  {
    command: /^(?:cat|less|more|vim?|nano) (\/[\w./@-]+)$/,
    translate: (output, [, path = '']) => fileReading(path, output),
  },
  { command: /^sysctl\b(?! -p| --system)/, translate: (output) => sysctls(output) },
  {
    command: /^uname -r$/,
    translate: (output) => given({ '/proc/sys/kernel/osrelease': `${line(output)}\n` }),
  },
  { command: /^uname -a$/, translate: (output) => unameAll(output) },
  { command: /^uname -m$/, translate: (output) => given({ '$ uname -m': `${line(output)}\n` }) },
  { command: /^docker version$/, translate: (output) => given({ [version]: answer(versionBody(output)) }) },
  { command: /^docker (?:system )?info$/, translate: (output) => fromInfo(output) },
  {
    command: /^(dockerd|containerd|runc) (?:--version|-v)$/,
    translate: (output, [, name]) => printed(`$ ${name} --version`, output),
  },
  {
    command: /^ip (?:-d |-details )?(?:a|addr|address)(?: s| show| list)?$/,
    translate: (output) => ipText('-d addr show', output),
  },
  {
    command: /^ip (?:-4 )?(?:r|ro|route)(?: s| show| list| show table all)?$/,
    translate: (output) => ipText('-4 route show table all', output),
  },
  { command: /^ip (?:-4 )?rule(?: s| show| list)?$/, translate: (output) => ipText('-4 rule show', output) },
  { command: /^iptables-save$/, translate: (output) => savedRules(output) },
  { command: /^getenforce$/, translate: (output) => enforcing(output) },
  { command: /^lsmod$/, translate: (output) => given({ '/proc/modules': modules(output) }) },
  {
    command: /^(?:echo \$|printenv )DOCKER_HOST$/,
    translate: (output) => given({ 'env DOCKER_HOST': line(output) || null }),
  },
  { command: /^(?:env|printenv)(?: \| grep -?i? ?DOCKER\S*)?$/i, translate: (output) => variables(output) },
  {
    command:
      /^getent group docker$|^(?:cat \/etc\/group \| )?grep (?:-\w+ )?'?"?\^?docker:?"?'?(?: \/etc\/group)?$/,
    translate: (output) => groups(output),
  },
  { command: /^id$/, translate: (output) => idReading(output) },
  { command: /^(?:ls -\S+|stat) (\/(?:var\/)?run\/docker\.sock)$/, translate: (output) => socket(output) },
  {
    command: /^firewall-cmd --list-all-zones$/,
    translate: (output) => printed('$ firewall-cmd --list-all-zones', output),
  },
]

/** Credentials are nobody's business here, as on a live host; the caller redacts. */
export function readingsOf({ text, blocks }: Paste): Readings {
  const found: Found = {}
  for (const block of blocks) {
    if (!block.inContainer && !refused(block.output)) Object.assign(found, translated(block))
  }
  if (version in found !== info in found) completeEngine(found)
  if (deniedSocket(text) && !(version in found)) found[version] = missing('denied', 'permission denied')
  return found
}

const translated = ({ command, output }: Block): Found => {
  const plain = command
    .replace(/^sudo (?:-\S+ )*/, '')
    .replace(/^\/(?:usr\/)?(?:local\/)?s?bin\//, '')
    .replace(/\s*(?:2>&1|\|\s*(?:cat|less|more))\s*$/, '')
    .trim()
  for (const { command: pattern, translate } of TRANSLATORS) {
    const match = pattern.exec(plain)
    if (match) return translate(output, match)
  }
  return {}
}

/** The shell or the program said that it could not. */
const refused = (output: string): boolean =>
  /^(?:\S+: )?(?:line \d+: )?\S+: (?:command )?not found\b|No such file or directory$|^(?:Error|error): /m.test(
    output.split('\n').slice(0, 2).join('\n'),
  )

const printed = (key: string, stdout: string): Found => ({
  [key]: { stdout: `${stdout}\n`, stderr: '', exit: 0 },
})

/** Of a JSON file what stands behind its last brace is no part of it. */
function fileReading(path: string, output: string): Found {
  if (!path.endsWith('.json')) return { [path]: `${output}\n` }
  return { [path]: `${output.replace(/\n[^{}[\]",:]*$/, '')}\n` }
}

function sysctls(output: string): Found {
  const settings = output.split('\n').flatMap((text): [string, string][] => {
    const [, key, value] = /^\s*([\w./-]+) = (.*)$/.exec(text) ?? []
    return key === undefined || value === undefined ? [] : [[sysctlPath(key), `${value}\n`]]
  })
  return Object.fromEntries(settings)
}

/** `Linux host 5.15.0-91-generic #101-Ubuntu SMP … x86_64 GNU/Linux` */
function unameAll(output: string): Found {
  const [, release, rest = ''] = /^Linux \S+ (\d\S*) (.*)$/m.exec(output) ?? []
  if (release === undefined) return {}
  const machine = /\b(x86_64|aarch64|i[3-6]86|armv\dl|ppc64le|s390x|riscv64|loongarch64|mips64)\b/.exec(
    rest,
  )?.[1]
  return given({
    '/proc/sys/kernel/osrelease': `${release}\n`,
    '/proc/sys/kernel/arch': machine === undefined ? undefined : `${machine}\n`,
  })
}

function fromInfo(output: string): Found {
  const body = infoBody(output)
  const kernel = body?.KernelVersion
  return given({
    [info]: answer(body),
    '/proc/sys/kernel/osrelease': typeof kernel === 'string' && kernel !== '' ? `${kernel}\n` : undefined,
  })
}

/** Each of the two answers alone says what the checks ask of the other: the version, and that there is an engine. */
function completeEngine(found: Found): void {
  const body = found[info]
  if (typeof body !== 'object' || body === null || !('body' in body)) return
  const { ServerVersion } = JSON.parse(String(body.body)) as { ServerVersion?: unknown }
  found[version] = { status: 200, headers: {}, body: JSON.stringify({ Version: ServerVersion }) }
}

const ipText = (words: string, output: string): Found => ({
  [`$ ip -j ${words}`]: NO_JSON,
  ...printed(`$ ip ${words}`, output),
})

/** Of both tables: rules of one alone would look like an engine without the other's. */
const savedRules = (output: string): Found =>
  /^\*filter/m.test(output) && /^\*nat/m.test(output) ? printed('$ iptables-save', output) : {}

function enforcing(output: string): Found {
  const mode = line(output)
  if (mode === 'Enforcing' || mode === 'Permissive')
    return { '/sys/fs/selinux/enforce': mode === 'Enforcing' ? '1' : '0' }
  return mode === 'Disabled' ? { '/sys/fs/selinux/enforce': null } : {}
}

/** `Module Size Used by` of lsmod as `name size uses users, Live 0x0` of the kernel. */
const modules = (output: string): string =>
  output
    .split('\n')
    .flatMap((text) => {
      const [name, size, uses, users] = text.trim().split(/\s+/)
      return name && /^\d+$/.test(size ?? '')
        ? [`${name} ${size} ${uses ?? 0} ${users ? `${users},` : '-'} Live 0x0\n`]
        : []
    })
    .join('')

const variables = (output: string): Found =>
  Object.fromEntries(
    ['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_API_VERSION'].flatMap(
      (name) => {
        const value = new RegExp(`^${name}=(.*)$`, 'm').exec(output)?.[1]
        return value === undefined ? [] : [[`env ${name}`, value.trim()]]
      },
    ),
  )

/** What the name service says of the group is its last word: the files need not be asked for others. */
function groups(output: string): Found {
  const entry = /^docker:[^:\n]*:\d+:\S*$/m.exec(output)?.[0]
  return entry === undefined ? {} : { '/etc/group': `${entry}\n`, '/etc/nsswitch.conf': null }
}

/** `uid=1000(me) gid=1000(me) groups=1000(me),27(sudo)` */
function idReading(output: string): Found {
  const [, uid, user, gid, rest = ''] =
    /uid=(\d+)\(([^)]+)\) gid=(\d+)\([^)]*\)(?: groups=(\S+))?/.exec(output) ?? []
  if (uid === undefined || user === undefined || gid === undefined) return {}
  const ids = [...rest.matchAll(/(\d+)\(/g)].map(([, id]) => Number(id))
  return {
    identity: { uid: Number(uid), gid: Number(gid), user, groups: ids, pid: 0 },
    '/etc/passwd': `${user}:x:${uid}:${gid}::/home/${user}:/bin/sh\n`,
  }
}

const TYPES: Readonly<Record<string, Stat['type']>> = { s: 'socket', d: 'directory', '-': 'file' }

/** `srw-rw---- 1 root docker 0 …`; owners whose numbers the text does not show are left out. */
function socket(output: string): Found {
  const [, kind = '', bits = '', owner, group] =
    /^([sd-])([rwxsStT-]{9})\S? +\d+ (\S+) +(\S+) /m.exec(output) ?? []
  if (owner !== 'root' || group !== 'root') return {}
  const stat: Stat = {
    type: TYPES[kind] ?? 'other',
    mode: modeOf(bits),
    uid: 0,
    gid: 0,
    size: 0,
    mtimeMs: 0,
    ino: 1,
    dev: 1,
  }
  return { [`stat ${ENGINE_SOCKET}`]: stat }
}

const modeOf = (bits: string): number =>
  [...bits].reduce((mode, bit, at) => mode | (bit === '-' ? 0 : 1 << (8 - at)), 0)

/** The client's own message is what connecting gave. */
const deniedSocket = (text: string): boolean =>
  /dial unix \/(?:var\/)?run\/docker\.sock: connect: permission denied/.test(text)
