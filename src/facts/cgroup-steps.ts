/** Steps that bring control groups back: mounting them where no service manager does, and arguments for the next boot. */
import {
  type CommandStep,
  type KernelArgumentStep,
  kernelArgument,
  removeKernelArgument,
  runCommand,
} from '../model/fix.ts'
import type { Cgroups } from './cgroups.ts'

const ROOT = '/sys/fs/cgroup'

const mountAt = (path: string, type: string, ...options: readonly string[]): readonly CommandStep[] => [
  runCommand(['mkdir', '-p', path]),
  runCommand(['mount', '-t', type, ...options, 'cgroup', path], { unless: ['mountpoint', '-q', path] }),
]

/** Mounts v1 controllers, each at its usual place. */
export const mountControllers = (names: readonly string[]): readonly CommandStep[] =>
  names.flatMap((name) => mountAt(`${ROOT}/${name}`, 'cgroup', '-o', name))

/** Mounts a v1 hierarchy that has a name and no controllers. */
export const mountNamed = (name: string): readonly CommandStep[] =>
  mountAt(`${ROOT}/${name}`, 'cgroup', '-o', `none,name=${name}`)

/** Mounts what the kernel has: v1 where controllers are bound to it already, else the unified hierarchy. */
export function mountAll({ compiled, memberOf }: Cgroups): readonly CommandStep[] {
  const bound = [...compiled.values()].filter(({ hierarchy, enabled }) => enabled && hierarchy > 0)
  if (bound.length === 0) return mountAt(ROOT, 'cgroup2')
  return [
    ...mountAt(ROOT, 'tmpfs', '-o', 'mode=755'),
    ...mountControllers(bound.map(({ name }) => name)),
    ...[...memberOf].flatMap((name) => (name.startsWith('name=') ? mountNamed(name.slice(5)) : [])),
  ]
}

/**
 * Switches controllers on at the next boot.
 * @param line the arguments of the running kernel
 * @param fixedStart the firmware puts its own arguments first, which can be overruled but not removed (Raspberry Pi)
 */
export function switchOn(
  names: readonly string[],
  line: readonly string[],
  fixedStart: boolean,
): readonly KernelArgumentStep[] {
  return names.flatMap((name) => {
    const off = `cgroup_disable=${name}`
    if (line.includes(off) && !fixedStart) return [removeKernelArgument(off)]
    const older = name === 'memory' && fixedStart ? [kernelArgument('cgroup_memory=1')] : []
    return [kernelArgument(`cgroup_enable=${name}`), ...older]
  })
}
