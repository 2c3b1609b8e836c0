import { type ContainerPrivileges, containerPrivileges } from '../../src/facts/container-privileges.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { counted } from '../../src/facts/units.ts'
import { defineCheck, type Found, warn } from '../../src/model/check.ts'
import { manualFix } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'

/** With each of these a container can take over the host. @see https://man7.org/linux/man-pages/man7/capabilities.7.html */
const DANGEROUS: ReadonlySet<string> = new Set([
  'ALL',
  'SYS_ADMIN',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
  'SYS_BOOT',
  'DAC_READ_SEARCH',
  'BPF',
])
/** @see https://github.com/docker/docker-bench-security/blob/master/tests/5_container_runtime.sh (5.5 in CIS' counting) */
const SENSITIVE: ReadonlySet<string> = new Set([
  '/',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/proc',
  '/root',
  '/sys',
  '/usr',
])

/** Each container with what it has: `agent (pid, ipc), web (network)`. */
function listed(
  containers: readonly ContainerPrivileges[],
  pick: (container: ContainerPrivileges) => readonly string[],
): string {
  return containers
    .filter((container) => pick(container).length > 0)
    .map((container) => `${container.name} (${pick(container).join(', ')})`)
    .join(', ')
}

export default defineCheck({
  id: 'security/privileged-containers',
  title: 'No container has more of the host than it needs',
  why: 'Whoever breaks into such a container has the host, without another hole.',
  profiles: ['hardening'],
  needs: { engine: runningEngine, privileges: containerPrivileges },
  symptoms: () => [shows(/\b(?:caps|CapAdd)"?[=:]\s*\[[^\]]*SYS_ADMIN|"Privileged": true/, 0.7)],
  findings: {
    privileged: warn('privileged, and so root on this host: {containers}'),
    capabilities: warn('with capabilities that suffice to take over this host: {containers}'),
    hostFolders: warn('may write to folders that the host itself lives by: {containers}'),
    hostNamespaces: warn('in namespaces of the host: {containers}'),
    unconfined: warn('with confinement switched off: {containers}'),
  },
  evaluate({ engine, privileges: { looked, left } }, report) {
    if (!engine) return report.skip('no engine runs here')
    const found: Found[] = []
    const privileged = looked.filter((container) => container.privileged)
    const others = looked.filter((container) => !container.privileged)
    if (privileged.length > 0) {
      const cure = manualFix(
        'Start them without --privileged, with the devices (--device) and capabilities (--cap-add) that they use',
      )
      found.push(report('privileged', { containers: privileged.map(({ name }) => name).join(', ') }, cure))
    }
    const capable = listed(others, ({ addedCapabilities }) =>
      addedCapabilities.filter((capability) => DANGEROUS.has(capability)),
    )
    if (capable)
      found.push(
        report('capabilities', { containers: capable }, manualFix('Start them without these capabilities')),
      )
    const writers = listed(looked, ({ writableBinds }) => writableBinds.filter((path) => SENSITIVE.has(path)))
    if (writers) {
      const cure = manualFix('Mount only what they use of it, read-only (:ro) where they only look')
      found.push(report('hostFolders', { containers: writers }, cure))
    }
    const shared = listed(looked, ({ hostNamespaces }) => hostNamespaces)
    if (shared) {
      const cure = manualFix(
        'Start them in namespaces of their own, where their task does not ask for the host',
      )
      found.push(report('hostNamespaces', { containers: shared }, cure))
    }
    const open = listed(others, ({ unconfined }) => unconfined)
    if (open)
      found.push(
        report('unconfined', { containers: open }, manualFix('Start them without these --security-opt')),
      )
    return report.all(found, () =>
      left > 0
        ? report.unknown(`${counted(left, 'running container')} could not be looked at`)
        : report.pass(`${counted(looked.length, 'running container')}, none with more than the default`),
    )
  },
})
