/** Control groups: which hierarchy is mounted, and which controllers it has. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'
import { type Mount, mounts } from './mountinfo.ts'

/** A row of /proc/cgroups. */
export interface Controller {
  readonly name: string
  /** The v1 hierarchy that it is bound to; 0: none, or the unified one. */
  readonly hierarchy: number
  /** How many groups it has, those of removed containers that the kernel still holds included. */
  readonly groups: number
  /** Not switched off on the kernel's command line. */
  readonly enabled: boolean
}

export interface Cgroups {
  /** What the engine works with: `v1` also for a hybrid, as docker counts it; `none` where nothing is mounted. */
  readonly mode: 'v1' | 'v2' | 'none'
  /** v1 controllers with a v2 hierarchy beside them (systemd's hybrid set-up). */
  readonly hybrid: boolean
  /** The controllers that can be used now: mounted (v1), or offered by the root group (v2). */
  readonly usable: ReadonlySet<string>
  /** v2: enabled for child groups by now; the engine or systemd enables more at need. */
  readonly enabledForChildren: ReadonlySet<string>
  /** v1: where each controller is mounted. */
  readonly mountPoints: ReadonlyMap<string, string>
  /** Every controller compiled in, by name; empty where /proc/cgroups tells none. */
  readonly compiled: ReadonlyMap<string, Controller>
  /** v1: named hierarchies without controllers that are mounted, such as `systemd`. */
  readonly named: ReadonlySet<string>
  /** Hierarchies that this process is in, e.g. `name=systemd`, `memory`. */
  readonly memberOf: ReadonlySet<string>
}

const ROOT = '/sys/fs/cgroup'

export const cgroups: Fact<Cgroups> = defineFact({
  name: 'cgroups',
  about: 'The mounted cgroup hierarchy (v1 or v2) and its controllers.',
  needs: { mounts },
  reads: {
    compiled: orAbsent(file('/proc/cgroups')),
    self: orAbsent(file('/proc/self/cgroup')),
    offered: orAbsent(file(`${ROOT}/cgroup.controllers`)),
    enabled: orAbsent(file(`${ROOT}/cgroup.subtree_control`)),
  },
  parse: ({ compiled, self, offered, enabled }, { mounts }): Cgroups => {
    const v1 = mounts.filter(({ fsType }) => fsType === 'cgroup')
    const v2 = mounts.filter(({ fsType }) => fsType === 'cgroup2')
    const known = parseProcCgroups(compiled ?? '')
    const mountPoints = controllerMounts(v1, known)
    const unified = v2.some(({ mountPoint }) => mountPoint === ROOT)
    return {
      mode: unified ? 'v2' : mountPoints.size > 0 ? 'v1' : 'none',
      hybrid: mountPoints.size > 0 && v2.length > 0,
      usable: new Set(unified ? wordsOf(offered) : mountPoints.keys()),
      enabledForChildren: new Set(wordsOf(enabled)),
      mountPoints,
      compiled: known,
      named: new Set(v1.flatMap(({ superOptions }) => superOptions.flatMap(nameOf))),
      memberOf: parseSelfCgroup(self ?? ''),
    }
  },
})

const wordsOf = (text: string | null): string[] => (text ?? '').split(/\s+/).filter(Boolean)

const nameOf = (option: string): string[] => (option.startsWith('name=') ? [option.slice(5)] : [])

/** What stands among a v1 mount's options and is no controller. */
const OPTIONS: ReadonlySet<string> = new Set([
  'rw',
  'ro',
  'none',
  'xattr',
  'noprefix',
  'clone_children',
  'seclabel',
])

function controllerMounts(
  v1: readonly Mount[],
  known: ReadonlyMap<string, Controller>,
): ReadonlyMap<string, string> {
  const isController = (option: string): boolean =>
    known.size > 0 ? known.has(option) : !OPTIONS.has(option) && !option.includes('=')
  return new Map(
    v1.flatMap(({ superOptions, mountPoint }) =>
      superOptions.filter(isController).map((name) => [name, mountPoint] as const),
    ),
  )
}

/** Parses /proc/cgroups. @see https://man7.org/linux/man-pages/man7/cgroups.7.html */
export function parseProcCgroups(text: string): ReadonlyMap<string, Controller> {
  const rows = [...text.matchAll(/^(\w+)[ \t]+(\d{1,9})[ \t]+(\d{1,9})[ \t]+([01])[ \t]*$/gm)]
  return new Map(
    rows.map(([, name = '', hierarchy, groups, enabled]) => [
      name,
      { name, hierarchy: Number(hierarchy), groups: Number(groups), enabled: enabled === '1' },
    ]),
  )
}

/** The hierarchies of /proc/self/cgroup; the unified one is the empty name. */
export function parseSelfCgroup(text: string): ReadonlySet<string> {
  const lines = [...text.matchAll(/^\d+:([^:\n]*):/gm)]
  return new Set(lines.flatMap(([, names = '']) => names.split(',')))
}
