/** The report's `host` block: what was examined. */
import type { FactStore } from '../engine/facts.ts'
import type { Host } from '../hosts/host.ts'
import { defineFact, type Fact } from '../model/fact.ts'
import type { HostReport } from '../model/report.ts'
import { file, identity } from '../model/source.ts'
import { osRelease } from './os-release.ts'

const hostname = defineFact({
  name: 'hostname',
  about: 'The name that the kernel has for this host.',
  reads: { name: file('/proc/sys/kernel/hostname') },
  parse: ({ name }) => name.trim(),
})

export const kernelRelease: Fact<string> = defineFact({
  name: 'kernelRelease',
  about: 'What uname -r prints.',
  reads: { release: file('/proc/sys/kernel/osrelease') },
  parse: ({ release }) => release.trim(),
})

const collector = defineFact({
  name: 'collector',
  about: 'Who read the host.',
  reads: { identity },
  parse: ({ identity: { uid, user } }) => ({ uid, user }),
})

export async function hostReport(facts: FactStore, host: Host): Promise<HostReport> {
  const factOr = async <T, E>(fact: Fact<T>, otherwise: E): Promise<T | E> => {
    const { outcome } = await facts.get(fact)
    return outcome.known ? outcome.value : otherwise
  }
  const os = await factOr(osRelease, null)
  return {
    hostname: await factOr(hostname, ''),
    os: { id: os?.id ?? '', versionId: os?.versionId ?? '', prettyName: os?.prettyName ?? '' },
    kernel: await factOr(kernelRelease, ''),
    arch: '',
    virtualization: '',
    cpus: null,
    memoryBytes: null,
    reached: host.kind,
    collectedAs: await factOr(collector, null),
  }
}
