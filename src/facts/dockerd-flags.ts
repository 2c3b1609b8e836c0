/** The flags that dockerd is started with: those of the running process, and those that the next start will use. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'
import { parseAssignments, shellWords } from './shell-words.ts'
import { systemdUnit, unitValues } from './systemd-unit.ts'

export interface Flag {
  /** Without dashes, short ones spelled out: `host`, `containerd`, `storage-driver`. */
  readonly name: string
  /** `true` for a flag without a value. */
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
}
const SWITCHES: ReadonlySet<string> = new Set([
  'debug',
  'experimental',
  'icc',
  'init',
  'ip-forward',
  'ip-masq',
  'ip6tables',
  'iptables',
  'ipv6',
  'live-restore',
  'no-new-privileges',
  'raw-logs',
  'selinux-enabled',
  'tls',
  'tlsverify',
  'userland-proxy',
  'cri-containerd',
  'validate',
  'bridge-accept-fwmark',
  'allow-direct-routing',
  'ip-forward-no-drop',
])

/** Parses dockerd's arguments (without the program's own name). Never throws. */
export function parseFlags(words: readonly string[]): Flag[] {
  const flags: Flag[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const long = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(word)
    const short = /^-([A-Za-z])(?:=?(.*))?$/s.exec(word)
    const name = long?.[1] ?? (short?.[1] ? (SHORT[short[1]] ?? short[1]) : undefined)
    if (name === undefined) continue
    const attached = long ? long[2] : short?.[2] || undefined
    if (attached !== undefined) flags.push({ name, value: attached })
    else if (SWITCHES.has(name)) flags.push({ name, value: 'true' })
    else flags.push({ name, value: words[++i] ?? '' })
  }
  return flags
}

const PID_FILES = ['/var/run/docker.pid', '/run/docker.pid'] as const

const dockerdPid = defineFact({
  name: 'dockerdPid',
  about: 'The process id in the pid file of dockerd; null where there is none.',
  reads: { pid: orAbsent(file(PID_FILES[0])) },
  parse: ({ pid }) => (pid && /^\s*\d+\s*$/.test(pid) ? Number(pid) : null),
})

/** The command line of the dockerd that runs; null where none does. */
export const runningCommandLine: Fact<CommandLine | null> = defineFact({
  name: 'dockerdRunning',
  about: 'The arguments of the running dockerd; null where none runs.',
  needs: { pid: dockerdPid },
  reads: ({ pid }) =>
    pid ? { cmdline: orAbsent(file(`/proc/${pid}/cmdline`)) } : ({} as Record<string, never>),
  reading: "/proc/PID/cmdline of dockerd's process",
  parse: ({ cmdline }, { pid }) => {
    const words = (cmdline as string | null | undefined)?.split('\0').filter((word) => word !== '') ?? []
    if (!words[0]?.endsWith('dockerd')) return null
    return { words, flags: parseFlags(words.slice(1)), origin: `the running process ${pid}` }
  },
})

const ENVIRONMENT_FILES = ['/etc/default/docker', '/etc/sysconfig/docker', '/etc/conf.d/docker'] as const

/** Variables of the files that init scripts and units of distributions read. */
export const engineEnvironmentFiles = defineFact({
  name: 'engineEnvironmentFiles',
  about: 'The assignments in /etc/default/docker, /etc/sysconfig/docker and /etc/conf.d/docker, by file.',
  reads: Object.fromEntries(ENVIRONMENT_FILES.map((path) => [path, orAbsent(file(path))])),
  parse: (texts) =>
    ENVIRONMENT_FILES.flatMap((path) => {
      const text = texts[path]
      return typeof text === 'string' ? [{ path, assignments: parseAssignments(text) }] : []
    }),
})

const OPTION_VARIABLES = ['DOCKER_OPTS', 'OPTIONS', 'other_args']

/**
 * The command line that the next start will use: the unit's last ExecStart under systemd (its `$VARIABLES` filled in from the
 * files above), else the options of those files; null where neither says.
 */
export const configuredCommandLine: Fact<CommandLine | null> = defineFact({
  name: 'dockerdConfigured',
  about: 'The arguments that the next start of dockerd will get; null where none are configured.',
  needs: { unit: systemdUnit('docker.service'), files: engineEnvironmentFiles },
  reads: { systemd: orAbsent(file('/proc/1/comm')) },
  parse: ({ systemd }, { unit, files }) => {
    const start = unitValues(unit, 'ExecStart').at(-1)
    if (start && systemd?.trim() === 'systemd') {
      const words = shellWords(start.value.replace(/^[-@:+!]+/, '')).flatMap((word) => {
        const variable = /^\$\{?([A-Za-z_]\w*)\}?$/.exec(word)?.[1]
        const filled =
          variable && files.map(({ assignments }) => assignments.get(variable)?.value).find(Boolean)
        return variable ? shellWords(filled || '') : [word]
      })
      return {
        words,
        flags: parseFlags(words.slice(1)),
        origin: start.file,
        file: start.file,
        line: start.line,
      }
    }
    for (const { path, assignments } of files) {
      for (const name of OPTION_VARIABLES) {
        const options = assignments.get(name)
        if (!options?.value) continue
        const words = shellWords(options.value)
        return {
          words: ['dockerd', ...words],
          flags: parseFlags(words),
          origin: path,
          file: path,
          line: options.line,
        }
      }
    }
    return null
  },
})
