/** Which cgroup controllers containers lack on this host, and why. */
import { defineFact, type Fact } from '../model/fact.ts'
import { type Cgroups, cgroups } from './cgroups.ts'
import { kernelArguments } from './kernel-command-line.ts'

/**
 * `off`: switched off at boot · `notCompiled` · `notMounted` (v1) · `bound`: v2 is mounted and v1 still holds it ·
 * `notOffered`: v2 is mounted and does not offer it.
 */
export type Lack = 'off' | 'notCompiled' | 'notMounted' | 'bound' | 'notOffered'

export interface MissingController {
  readonly name: string
  readonly lack: Lack
  /** Without it containers do not start, or start without the limits that they were given; else single limits are ignored. */
  readonly required: boolean
}

/** v2 has no controller for devices and freezing: eBPF and every group do that. */
const REQUIRED = { v1: ['memory', 'cpu', 'devices', 'pids'], v2: ['memory', 'cpu', 'pids'] } as const
/** net_cls, net_prio, perf_event and hugetlb are left out: containers use them only where asked to. */
const WANTED = { v1: ['cpuset', 'cpuacct', 'blkio', 'freezer'], v2: ['cpuset', 'io'] } as const

export const missingControllers: Fact<readonly MissingController[]> = defineFact({
  name: 'missingControllers',
  about: 'The controllers that containers need and lack here, with the reason.',
  needs: { cgroups, line: kernelArguments },
  parse: (_, { cgroups, line }) => {
    const { mode, usable } = cgroups
    if (mode === 'none') return []
    const lacks = (names: readonly string[], required: boolean): MissingController[] =>
      names
        .filter((name) => !usable.has(name))
        .map((name) => ({ name, required, lack: lackOf(name, cgroups, line) }))
    const all = [...lacks(REQUIRED[mode], true), ...lacks(WANTED[mode], false)]
    // Kernels before 4.3 have no pids controller, and carry containers: https://kernelnewbies.org/Linux_4.3
    return all.map((each) =>
      each.name === 'pids' && each.lack === 'notCompiled' ? { ...each, required: false } : each,
    )
  },
})

function lackOf(name: string, { mode, compiled }: Cgroups, line: readonly string[]): Lack {
  const known = compiled.get(name === 'io' ? 'blkio' : name)
  if (known?.enabled === false || isSwitchedOff(name, line)) return 'off'
  if (mode === 'v2') return known && known.hierarchy > 0 ? 'bound' : 'notOffered'
  return compiled.size > 0 && !known ? 'notCompiled' : 'notMounted'
}

/** Of several arguments the last counts: the Raspberry Pi's firmware says `cgroup_disable=memory` before all others. */
function isSwitchedOff(name: string, line: readonly string[]): boolean {
  const last = line.findLast((argument) => {
    const names = /^cgroup_(?:disable|enable)=(.*)/.exec(argument)?.[1]
    return names?.split(',').includes(name)
  })
  return last?.startsWith('cgroup_disable') ?? false
}
