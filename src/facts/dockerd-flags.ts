/** The flags that dockerd is started with: those of the running process, and those that the next start will use. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { dockerdPid } from './dockerd-process.ts'
import { type Assignment, parseAssignments, shellWords } from './shell-words.ts'
import { systemdUnit, unitValues } from './systemd-unit.ts'

export interface Flag {
  /** Without dashes, short ones spelled out: `host`, `containerd`, `storage-driver`. */
  readonly name: string
  /** `true` for a flag without a value. */
  readonly value: string
}

/** A text that arguments are written in. */
export interface ArgumentSource {
  readonly file: string
  /** The line of an assignment such as DOCKER_OPTS; null for an ExecStart, which a drop-in can replace. */
  readonly line: string | null
  readonly value: string
}

/** Where a command line was found. */
export interface CommandLine {
  readonly words: readonly string[]
  readonly flags: readonly Flag[]
  /** e.g. `the running process 412`, `/lib/systemd/system/docker.service`, `/etc/default/docker`. */
  readonly origin: string
  /** The file and line to change; absent for a running process. */
  readonly file?: string
  readonly line?: number
  /** The texts that the arguments are written in; none for a running process. */
  readonly sources?: readonly ArgumentSource[]
  /** The assignment that holds the flags, where they stand in an environment file. */
  readonly assignment?: { readonly name: string; readonly text: string }
}

/** @see https://docs.docker.com/reference/cli/dockerd/ */
const SHORT: Readonly<Record<string, string>> = {
  H: 'host',
  D: 'debug',
  l: 'log-level',
  s: 'storage-driver',
  b: 'bridge',
  p: 'pidfile',
  G: 'group',
  g: 'graph',
  v: 'version',
}
const SWITCHES: ReadonlySet<string> = new Set([
  'allow-direct-routing',
  'cri-containerd',
  'debug',
  'disable-legacy-registry',
  'experimental',
  'help',
  'icc',
  'init',
  'ip-forward',
  'ip-forward-no-drop',
  'ip-masq',
  'ip6tables',
  'iptables',
  'ipv6',
  'live-restore',
  'no-new-privileges',
  'raw-logs',
  'rootless',
  'selinux-enabled',
  'tls',
  'tlsverify',
  'userland-proxy',
  'validate',
  'version',
])

/** What a flag is worth: of a switch, a boolean, in Go's spellings of it. @see https://pkg.go.dev/strconv#ParseBool */
export function flagValue({ name, value }: Flag): string | boolean {
  if (!SWITCHES.has(name)) return value
  if (/^(?:1|t|true)$/i.test(value)) return true
  return /^(?:0|f|false)$/i.test(value) ? false : value
}

/** Parses dockerd's arguments (without the program's own name). Never throws. */
export const parseFlags = (words: readonly string[]): Flag[] =>
  flagSpans(words).map(({ name, value }) => ({ name, value }))

/** A flag, and the words that it takes up, from `start` up to `end`. */
interface FlagSpan extends Flag {
  readonly start: number
  readonly end: number
}

export function flagSpans(words: readonly string[]): FlagSpan[] {
  const flags: FlagSpan[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const long = /^--([a-zA-Z0-9-]+)(?:=(.*))?$/s.exec(word)
    const short = /^-([A-Za-z])(?:=?(.*))?$/s.exec(word)
    const name = long?.[1] ?? (short?.[1] ? (SHORT[short[1]] ?? short[1]) : undefined)
    if (name === undefined) continue
    const attached = long ? long[2] : short?.[2] || undefined
    const start = i
    if (attached !== undefined) flags.push({ name, value: attached, start, end: i + 1 })
    else if (SWITCHES.has(name) || (words[i + 1] ?? '-').startsWith('-'))
      flags.push({ name, value: 'true', start, end: i + 1 })
    else flags.push({ name, value: words[++i] ?? '', start, end: i + 1 })
  }
  return flags
}

/** The command line of the dockerd that runs; null where none does. */
export const runningCommandLine: Fact<CommandLine | null> = defineFact({
  name: 'dockerdRunning',
  about: 'The arguments of the running dockerd; null where none runs.',
  needs: { pid: dockerdPid },
  reads: ({ pid }): Record<string, OrAbsent<FileSource>> =>
    pid === null ? {} : { cmdline: orAbsent(file(`/proc/${pid}/cmdline`)) },
  reading: "/proc/PID/cmdline of dockerd's process",
  parse: ({ cmdline }, { pid }) => {
    const words = cmdline?.replace(/\0$/, '').split('\0') ?? []
    if (!isEngine(words[0] ?? '')) return null
    return { words, flags: parseFlags(words.slice(1)), origin: `the running process ${pid}` }
  },
})

/** `dockerd`, `dockerd-current`, `dockerd-ce`. */
const isEngine = (program: string): boolean => /(^|\/)dockerd(-[a-z]+)?$/.test(program)

const ENVIRONMENT_FILES = ['/etc/default/docker', '/etc/sysconfig/docker', '/etc/conf.d/docker'] as const

export interface EnvironmentFile {
  readonly path: string
  readonly assignments: ReadonlyMap<string, Assignment>
}

const dockerUnit = systemdUnit('docker.service')

/** Variables of the files that init scripts and units of distributions read, and of those that the unit names. */
export const engineEnvironmentFiles: Fact<readonly EnvironmentFile[]> = defineFact({
  name: 'engineEnvironmentFiles',
  about: 'The assignments in the files that give dockerd its options, by file.',
  needs: { unit: dockerUnit },
  reads: ({ unit }): Record<string, OrAbsent<FileSource>> => {
    const named = unitValues(unit, 'EnvironmentFile').map(({ value }) => value.replace(/^-/, ''))
    const paths = [...named.filter((path) => /^\/[^*?[]+$/.test(path)), ...ENVIRONMENT_FILES]
    return Object.fromEntries(paths.map((path) => [path, orAbsent(file(path))]))
  },
  reading: `${ENVIRONMENT_FILES.join(', ')} and each EnvironmentFile of docker.service`,
  parse: (texts) =>
    Object.entries(texts).flatMap(([path, text]) =>
      text === null ? [] : [{ path, assignments: parseAssignments(text) }],
    ),
})

const OPTION_VARIABLES = ['DOCKER_OPTS', 'OPTIONS', 'other_args', 'DOCKERD_OPTS']

/**
 * The command line that the next start will use: the unit's last ExecStart under systemd (its `$VARIABLES` filled in from the
 * files above), else the options of those files; null where neither says.
 */
export const configuredCommandLine: Fact<CommandLine | null> = defineFact({
  name: 'dockerdConfigured',
  about: 'The arguments that the next start of dockerd will get; null where none are configured.',
  needs: { unit: dockerUnit, files: engineEnvironmentFiles },
  reads: { systemd: orAbsent(file('/proc/1/comm')) },
  parse: ({ systemd }, { unit, files }) => {
    const start = unitValues(unit, 'ExecStart').at(-1)
    if (start && systemd?.trim() === 'systemd') {
      const inline = unitValues(unit, 'Environment').flatMap(({ value }) => shellWords(value))
      const given = [...files, { path: '', assignments: parseAssignments(inline.join('\n')) }]
      const words = execWords(start.value, given)
      const { file, line } = start
      const own = { file, line: null, value: start.value }
      const sources = [own, ...variablesIn(start.value, files)]
      return { words, flags: parseFlags(words.slice(1)), origin: file, file, line, sources }
    }
    return optionsOf(files)
  },
})

/** The words of an ExecStart, without systemd's prefixes, with `$VARIABLES` filled in, and looking into `sh -c`. */
function execWords(value: string, files: readonly EnvironmentFile[]): string[] {
  const words = shellWords(value.replace(/^[-@:+!]+/, '')).flatMap((word) => {
    const variable = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(word)?.[1]
    if (!variable) return [word]
    const filled = files.map(({ assignments }) => assignments.get(variable)?.value).find(Boolean)
    return shellWords(filled ?? '')
  })
  const script = /(^|\/)(ba|da)?sh$/.test(words[0] ?? '') && words[1] === '-c' ? words[2] : undefined
  return script === undefined ? words : shellWords(script.replace(/^\s*exec\s+/, ''))
}

/** The assignments that an ExecStart takes words from. */
const variablesIn = (value: string, files: readonly EnvironmentFile[]): readonly ArgumentSource[] =>
  [...value.matchAll(/\$\{?([A-Za-z_]\w*)\}?/g)].flatMap(([, name = '']) => {
    const { path: file, assignments } = files.find((one) => one.assignments.get(name)?.value) ?? {}
    const found = assignments?.get(name)
    return file && found ? [{ file, line: found.text, value: found.value }] : []
  })

function optionsOf(files: readonly EnvironmentFile[]): CommandLine | null {
  for (const { path, assignments } of files) {
    for (const name of OPTION_VARIABLES) {
      const options = assignments.get(name)
      if (!options?.value) continue
      const words = shellWords(options.value)
      const flags = parseFlags(words)
      const assignment = { name, text: options.text }
      return {
        words: ['dockerd', ...words],
        flags,
        origin: path,
        file: path,
        line: options.line,
        sources: [{ file: path, line: options.text, value: options.value }],
        assignment,
      }
    }
  }
  return null
}
