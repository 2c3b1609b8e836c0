/** Steps that bring control groups back: mounting them where no service manager does, and arguments for the next boot. */
import {
  disruptive,
  type Fix,
  fix,
  type KernelArgumentStep,
  kernelArgument,
  type MountStep,
  manual,
  manualFix,
  mount,
  reboot,
  removeKernelArgument,
  restartEngine,
  runCommand,
  service,
} from '../model/fix.ts'
import type { Cgroups } from './cgroups.ts'
import type { ServiceManager } from './service-manager.ts'

const ROOT = '/sys/fs/cgroup'
/** @see https://www.freedesktop.org/software/systemd/man/254/systemd.html#systemd.unified_cgroup_hierarchy */
const UNIFIED = 'systemd.unified_cgroup_hierarchy=1'

const mountAt = (path: string, type: string, ...options: readonly string[]): MountStep =>
  mount('mount', path, { source: 'cgroup', type, ...(options.length > 0 ? { options } : {}) })

/** Mounts v1 controllers, each at its usual place. */
export const mountControllers = (names: readonly string[]): readonly MountStep[] =>
  names.map((name) => mountAt(`${ROOT}/${name}`, 'cgroup', name))

/** Mounts a v1 hierarchy that has a name and no controllers. */
export const mountNamed = (name: string): MountStep =>
  mountAt(`${ROOT}/${name}`, 'cgroup', 'none', `name=${name}`)

/** Mounts what the kernel has: v1 where controllers are bound to it already, else the unified hierarchy. */
function mountAll({ compiled, memberOf }: Cgroups): readonly MountStep[] {
  const bound = [...compiled.values()].filter(({ hierarchy, enabled }) => enabled && hierarchy > 0)
  if (bound.length === 0) return [mountAt(ROOT, 'cgroup2')]
  return [
    mountAt(ROOT, 'tmpfs', 'mode=755'),
    ...mountControllers(bound.map(({ name }) => name)),
    ...[...memberOf].flatMap((name) => (name.startsWith('name=') ? [mountNamed(name.slice(5))] : [])),
  ]
}

/** Brings the hierarchies back where nothing is mounted, by the means of the service manager where it has one. */
export function mountHierarchies(cgroups: Cgroups, manager: ServiceManager['kind']): Fix {
  const summary = 'Mount the control groups'
  if (manager === 'systemd') return fix(summary, manual('Reboot: systemd mounts them at boot.'), reboot)
  if (manager === 'openrc') {
    return disruptive(summary, service('cgroups', 'enable'), service('cgroups', 'start'), restartEngine)
  }
  const keep = manual('See that they are mounted at boot too: on Debian the package cgroupfs-mount does it.')
  return disruptive(summary, ...mountAll(cgroups), restartEngine, keep)
}

/** Gives the controllers to v2 alone (systemd, at the next boot), or back to v1, which holds them (others, now). */
export function oneHierarchy(cgroups: Cgroups, manager: ServiceManager['kind']): Fix {
  if (manager === 'systemd') {
    const toV2 = [kernelArgument('cgroup_no_v1=all'), kernelArgument(UNIFIED)]
    return fix('Boot with cgroup v2 alone', ...toV2, reboot)
  }
  const unmount = runCommand(['umount', '-l', ROOT], {
    onlyIf: ['findmnt', '--mountpoint', ROOT, '--types', 'cgroup2'],
    undo: ['mount', '-t', 'cgroup2', 'cgroup2', ROOT],
  })
  return disruptive('Mount the v1 controllers again', unmount, ...mountAll(cgroups), restartEngine)
}

/** Moves the host to cgroup v2. */
export function toUnified(manager: ServiceManager['kind']): Fix {
  const later = manual('Reboot when convenient; containers are recreated under cgroup v2.')
  if (manager === 'systemd') return fix('Boot with cgroup v2', kernelArgument(UNIFIED), later)
  return manualFix(
    'Let the init scripts mount cgroup2 at /sys/fs/cgroup instead of the v1 controllers, and reboot.',
  )
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
