/**
 * Turns pasted commands and files into readings under the keys of the sources that facts read, so that the ordinary checks judge them. Only
 * what says the same is translated: where a command shows less than the source, there is no reading, and the check says that it cannot tell.
 */
import { ENGINE_SOCKET } from '../../facts/engine.ts'
import { recordIn } from '../../facts/json.ts'
import { sysctlPath } from '../../facts/sysctl.ts'
import type { Entry, Readings } from '../../hosts/memory.ts'
import { missing } from '../../model/reading.ts'
import { isIn } from '../sight.ts'
import { COMPLAINT } from '../words.ts'
import { groupNameReadings, groupReadings, idReadings, socketReadings } from './accounts.ts'
import type { Block, Paste } from './blocks.ts'
import { dfReadings, joinStatfs } from './df.ts'
import { infoBody, versionBody } from './docker-info.ts'
import { type Found, NOT_SHOWN, printed } from './found.ts'
import { optionReadings } from './kernel-options.ts'
import { listenerReadings, showsEngine } from './listeners.ts'
import { filterReadings } from './packet-filter.ts'
import { catReadings, enabledReadings, isActive, refusedStart, statusReadings } from './systemd.ts'

interface Translator {
  /** Of the command line, without sudo. */
  readonly command: RegExp
  /** `text` is all that was pasted: what one command leaves open, another may tell. */
  readonly translate: (output: string, match: RegExpExecArray, text: string) => Found
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
  {
    command: /^(?:cat -n|nl -ba) (\/[\w./@-]+)$/,
    translate: (output, [, path = '']) => fileReading(path, output.replace(/^ {0,8}\d{1,6}\t/gm, '')),
  },
  { command: /^sysctl\b(?! -p| --system)/, translate: (output) => sysctls(output) },
  { command: /^grep -?[^|]* \/proc\/sys\/[^| ]*$/, translate: (output) => namedValues(output) },
  {
    command: /^uname -r$/,
    translate: (output) => given({ '/proc/sys/kernel/osrelease': `${line(output)}\n` }),
  },
  { command: /^uname -a$/, translate: (output) => unameAll(output) },
  { command: /^uname -m$/, translate: (output) => given({ '$ uname -m': `${line(output)}\n` }) },
  { command: /^docker version$/, translate: (output) => given({ [version]: answer(versionBody(output)) }) },
  { command: /^docker (?:--version|-v)$/, translate: (output) => printed('$ docker --version', output) },
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
  {
    command: /^df(?: -[hkTmia]+)*(?: (\/[\w./@-]*))?$/,
    translate: (output, [, folder], text) => dfReadings(output, folder, text),
  },
  { command: /^systemctl cat (?:docker|containerd)(?:\.\w+)?$/, translate: (output) => catReadings(output) },
  { command: /^systemctl status\b[^|]*$/, translate: (output, _, text) => statusReadings(output, text) },
  {
    command: /^systemctl is-enabled (docker(?:\.\w+)?)$/,
    translate: (output, [, unit = ''], text) => enabledReadings(output, unit, text),
  },
  {
    command: /^(?:ss|netstat)((?: -[a-z]+)+)(?: \| (?:e?grep|rg)\b[^|]*)?$/,
    translate: (output, [, options = '']) => listenerReadings(output, options),
  },
  {
    command: /^ls (?:-1 )?\/lib\/modules\/?$/,
    translate: (output) => ({ '/lib/modules/': output.split(/\s+/).filter(Boolean) }),
  },
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
    translate: (output, _, text) => groupReadings(output, text),
  },
  { command: /^id(?: [\w.][\w.-]*)?$/, translate: (output) => idReadings(output) },
  {
    command: /^(?:groups|id -(?:nG|Gn))$/,
    translate: (output, _, text) => groupNameReadings(output, text),
  },
  {
    command: /^(?:ls -\w+|stat) \/(?:var\/)?run(?:\/docker\.sock|\/? \| grep [^|]*)$/,
    translate: (output, _, text) => socketReadings(output, text),
  },
  {
    command: /^firewall-cmd --list-all-zones$/,
    translate: (output) => printed('$ firewall-cmd --list-all-zones', output),
  },
]

/** A block that says what a source says. */
export interface Read {
  readonly block: Block
  readonly found: Found
}

/** What of a paste becomes readings, in its order: of one machine alone, where several say the same kind of thing. */
export const readIn = (paste: Paste): readonly Read[] =>
  ofOneMachine(paste)
    .map((block) => ({ block, found: translated(block, paste.text) }))
    .filter(({ found }) => Object.keys(found).length > 0)

/** Blocks that tell of the host: of two machines only of that which complains. */
function ofOneMachine({ blocks }: Paste): readonly Block[] {
  const own = blocks.filter(({ inContainer, output }) => !inContainer && !refused(output))
  const hosts = new Set(own.filter(isRead).flatMap(({ host }) => host ?? []))
  if (hosts.size < 2) return own
  const complaining = new Set<string>()
  for (const { host, output } of blocks)
    if (host && hosts.has(host) && !complaining.has(host) && isIn(COMPLAINT, output)) complaining.add(host)
  return own.filter(({ host }) => !host || (complaining.size === 1 && complaining.has(host)))
}

function isRead(block: Block): boolean {
  const command = plain(block)
  return /^iptables\b/.test(command) || TRANSLATORS.some((one) => one.command.test(command))
}

/** Credentials are nobody's business here, as on a live host; the caller redacts. */
export function readingsOf(paste: Paste, read: readonly Read[] = readIn(paste)): Readings {
  const { text } = paste
  const blocks = ofOneMachine(paste).map((block) => ({ ...block, command: plain(block) }))
  const found: Found = {}
  for (const one of read) add(found, one.found)
  add(found, { ...filterReadings(blocks, text), ...optionReadings(text), ...refusedStart(text) })
  if (version in found !== info in found) completeEngine(found)
  if (isDenied(paste)) {
    if (!(version in found)) found[version] = missing('denied', 'permission denied')
    if (isOfRoot(found.identity)) delete found.identity
  }
  if (isAnswered(found) || blocks.some(showsRunning)) leaveOpen(found)
  return found
}

/** What comes later counts; of one file system the one command shows the bytes, another the inodes. */
function add(found: Found, more: Found): void {
  for (const [key, entry] of Object.entries(more)) found[key] = joinStatfs(found[key], entry) ?? entry
}

const isAnswered = (found: Found): boolean => answeredBody(found[version]) !== null

/** `docker ps` and `docker images` answered, too. */
const showsRunning = ({ command, output }: Block): boolean =>
  isActive(output) ||
  showsEngine(output) ||
  (/^docker /.test(command) && /^(?:CONTAINER ID|REPOSITORY|NETWORK ID|DRIVER) /m.test(output))

/** An engine that runs has a socket, and answers: what, the text does not show. */
function leaveOpen(found: Found): void {
  for (const key of [version, info, `stat ${ENGINE_SOCKET}`]) found[key] ??= NOT_SHOWN
}

/** The command as the translators know it: without who asks, and what does not change what is said. */
const plain = ({ command, folder = '/etc/docker' }: Block): string =>
  command
    .replace(/^sudo (?:-\S+ )*/, '')
    .replace(/^\/(?:usr\/)?(?:local\/)?s?bin\//, '')
    .replace(/(?:\s{0,8}(?:2>&1|2> ?\/dev\/null|\|\s{0,8}(?:cat|less|more)|--no-pager|-l)){1,8}$/, '')
    .replace(/(?<=^systemctl) (?:--no-pager |-l )+/, ' ')
    .replace(
      /^(cat|less|vim?|nano) (?:\.\/)?(?=daemon\.json$)/,
      `$1 ${folder === 'docker' ? '/etc/docker' : folder}/`,
    )
    .trim()

function translated(block: Block, text: string): Found {
  const command = plain(block)
  for (const { command: pattern, translate } of TRANSLATORS) {
    const match = pattern.exec(command)
    if (match) return translate(block.output, match, text)
  }
  return {}
}

/** The shell or the program said that it could not. */
const refused = (output: string): boolean =>
  /^(?:\S+: )?(?:line \d+: )?\S+: (?:command )?not found\b|No such file or directory$|^(?:Error|error): /m.test(
    output.split('\n').slice(0, 2).join('\n'),
  )

/** The writer left lines away, and says so. */
const LEFT_OUT = /^\s{0,40}(?:#|\/\/)?\s?(?:\.{3,6}|…{1,3})\s?,?$/m

/** Of a JSON file what stands behind its last brace is no part of it; nor is, below an empty line, what has no quotation mark. */
function fileReading(path: string, output: string): Found {
  if (!path.endsWith('.json')) return { [path]: `${output}\n` }
  if (LEFT_OUT.test(output)) return { [path]: NOT_SHOWN }
  const text = output
    .replace(/(?<=[}\]][ \t]*)\n[ \t]*\n[^{}[\]"]*$/, '')
    .replace(/(?<=[{}[\]",:][^{}[\]",:\n]*)\n[^{}[\]",:]*$/, '')
  return { [path]: `${text}\n` }
}

function sysctls(output: string): Found {
  const settings = output.split('\n').flatMap((text): [string, string][] => {
    const [, key, value] = /^\s*([\w./-]+) = (.*)$/.exec(text) ?? []
    return key === undefined || value === undefined ? [] : [[sysctlPath(key), `${value}\n`]]
  })
  return Object.fromEntries(settings)
}

/** `/proc/sys/net/ipv4/conf/all/rp_filter:1` */
const namedValues = (output: string): Found =>
  Object.fromEntries(
    output.split('\n').flatMap((text): [string, string][] => {
      const [, path, value] = /^(\/proc\/sys\/[\w./-]+):(.*)$/.exec(text) ?? []
      return path === undefined || value === undefined ? [] : [[path, `${value}\n`]]
    }),
  )

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

/** Of the two answers `/info` names the version, too; without it, that version is what the program says of itself. */
function completeEngine(found: Found): void {
  const { ServerVersion } = answeredBody(found[info]) ?? {}
  const { Version } = answeredBody(found[version]) ?? {}
  if (ServerVersion !== undefined) found[version] = answer({ Version: ServerVersion }) ?? null
  else if (Version !== undefined)
    Object.assign(found, printed('$ dockerd --version', `Docker version ${Version}`))
}

/** What the engine said; null where it was not heard. */
function answeredBody(entry: Entry | undefined): Readonly<Record<string, unknown>> | null {
  if (typeof entry !== 'object' || entry === null || !('body' in entry)) return null
  return typeof entry.body === 'string' ? recordIn(entry.body) : null
}

const ipText = (words: string, output: string): Found => ({
  [`$ ip -j ${words}`]: NO_JSON,
  ...printed(`$ ip ${words}`, output),
})

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

/** The client's own message is what connecting gave. */
const DENIED =
  /dial unix \/(?:var\/)?run\/docker\.sock: connect: permission denied|permission denied while trying to connect to the docker API at unix:\/\/\/(?:var\/)?run\/docker\.sock/g

/** Whether the socket refuses the user, and did not answer them later on. */
function isDenied({ text, blocks }: Paste): boolean {
  const last = [...text.matchAll(DENIED)].at(-1)
  if (!last) return false
  const line = text.slice(0, last.index).split('\n').length - 1
  return !blocks.some(
    (block) => block.lines[0] > line && !/^sudo\b/.test(block.command) && showsRunning(block),
  )
}

/** Whom the socket refuses is somebody else. */
const isOfRoot = (entry: Entry | undefined): boolean =>
  typeof entry === 'object' && entry !== null && 'uid' in entry && entry.uid === 0
