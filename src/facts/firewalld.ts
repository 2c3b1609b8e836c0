/** firewalld: whether it runs, and which zone has which interface, now and in its permanent configuration. */

import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  type OrAbsent,
  orAbsent,
  unavailable,
} from '../model/fact.ts'
import {
  type CommandSource,
  command,
  directory,
  type FileSource,
  file,
  sourceKey,
  stat,
} from '../model/source.ts'
import { unitGroups } from './systemd-unit.ts'

export interface Zone {
  readonly name: string
  /** `ACCEPT`, `default`, `%%REJECT%%`, `DROP`. */
  readonly target: string
  readonly interfaces: readonly string[]
  /** firewalld 0.9 and later: packets between interfaces of the zone pass. */
  readonly forward: boolean
}

const PID_FILE = '/run/firewalld.pid'

const firewalldPid = defineFact({
  name: 'firewalldPid',
  about: 'The process id in the pid file of firewalld; null where there is none.',
  reads: { pid: orAbsent(file(PID_FILE)) },
  parse: ({ pid }) => (pid && /^\d+\s*$/.test(pid) ? Number(pid) : null),
})

/** Under systemd it writes no pid file. */
const UNIT_GROUPS = unitGroups('firewalld.service')

const unitRuns = defineFact({
  name: 'firewalldUnitRuns',
  about: 'Whether systemd runs firewalld.',
  reads: Object.fromEntries(UNIT_GROUPS.map((path) => [path, orAbsent(stat(path))])),
  parse: (groups) => Object.values(groups).some((group) => group !== null),
})

/** Does the daemon run? The pid file alone may be stale. */
export const firewalldRuns: Fact<boolean> = defineFact({
  name: 'firewalldRuns',
  about: 'Whether firewalld runs now.',
  needs: { pid: firewalldPid, unitRuns },
  reads: ({ pid }): Record<string, OrAbsent<FileSource>> =>
    pid === null ? {} : { cmdline: orAbsent(file(`/proc/${pid}/cmdline`)) },
  reading: '/proc/PID/cmdline of firewalld',
  parse: ({ cmdline }, { unitRuns }) => unitRuns || (cmdline?.includes('firewalld') ?? false),
})

export const LIST_ZONES: CommandSource = command(['firewall-cmd', '--list-all-zones'], { timeoutMs: 8_000 })

/** The zones as they are now; null where firewalld does not run. Only root (or who polkit allows) may ask. */
export const runtimeZones: Fact<readonly Zone[] | null> = defineFact({
  name: 'firewalldZones',
  about: "firewalld's zones at run time; null where it does not run.",
  needs: { runs: firewalldRuns },
  reads: ({ runs }): Record<string, AsReading<CommandSource>> =>
    runs ? { list: asReading(LIST_ZONES) } : {},
  reading: `${sourceKey(LIST_ZONES)} (where firewalld runs)`,
  parse: ({ list }) => {
    if (!list) return null
    if (list.state !== 'ok') return unavailable(sourceKey(LIST_ZONES), list)
    const { exit, stdout, stderr } = list.value
    if (exit === 0) return parseZones(stdout)
    const denied = /authoriz|permission|not authorized/i.test(stderr)
    const reason = stderr.trim().split('\n')[0] ?? `exit ${exit}`
    return unavailable(sourceKey(LIST_ZONES), { state: denied ? 'denied' : 'failed', reason, durationMs: 0 })
  },
})

/** Parses `firewall-cmd --list-all-zones`. Never throws. */
export function parseZones(text: string): Zone[] {
  const blocks = text.split(/\n(?=\S)/).map((block) => block.split('\n'))
  return blocks.flatMap(([heading = '', ...lines]) => {
    const name = /^([^\s(]+)/.exec(heading)?.[1]
    if (!name) return []
    const value = (key: string): string =>
      lines
        .find((line) => line.trim().startsWith(`${key}:`))
        ?.split(':')
        .slice(1)
        .join(':')
        .trim() ?? ''
    return [
      {
        name,
        target: value('target') || 'default',
        interfaces: value('interfaces').split(/\s+/).filter(Boolean),
        forward: value('forward') === 'yes',
      },
    ]
  })
}

const ZONES = '/etc/firewalld/zones'

const zoneFiles = defineFact({
  name: 'firewalldZoneFiles',
  about: "The files of firewalld's permanent zones that an administrator has changed.",
  reads: { names: orAbsent(directory(ZONES)) },
  parse: ({ names }) =>
    (names ?? []).filter((name) => name.endsWith('.xml')).map((name) => `${ZONES}/${name}`),
})

/** The permanent zones that were changed on this host: what the next start or reload will use. */
export const permanentZones: Fact<readonly Zone[]> = defineFact({
  name: 'firewalldPermanentZones',
  about: 'The zones in /etc/firewalld/zones: those that were changed on this host.',
  needs: { files: zoneFiles },
  reads: ({ files }) => Object.fromEntries(files.map((path) => [path, orAbsent(file(path))] as const)),
  reading: `each *.xml file of ${ZONES}`,
  parse: (texts, { files }): readonly Zone[] => files.map((path) => parseZoneFile(path, texts[path] ?? '')),
})

/** Parses a zone file, of which only the target and the interfaces matter here. Never throws. */
export function parseZoneFile(path: string, xml: string): Zone {
  const text = xml.replace(/<!--[\s\S]*?-->/g, '')
  const target = /<zone\b[^>]*\btarget="([^"]*)"/.exec(text)?.[1] ?? 'default'
  const interfaces = [...text.matchAll(/<interface\b[^>]*\bname="([^"]*)"/g)].map((match) => match[1] ?? '')
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.xml$/, '')
  return { name, target, interfaces, forward: /<forward\s*\/>/.test(text) }
}
