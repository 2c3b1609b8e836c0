/** The report's `host` block: what was examined. */
import type { FactStore } from '../engine/facts.ts'
import type { Host } from '../hosts/host.ts'
import { defineFact, type Fact } from '../model/fact.ts'
import type { HostReport } from '../model/report.ts'
import { file, identity } from '../model/source.ts'
import { kernelArch } from './arch.ts'
import { cpusOnline, memoryInfo } from './hardware.ts'
import { kernelRelease } from './kernel-release.ts'
import { osRelease } from './os-release.ts'
import { virtualization } from './virtualization.ts'

export const hostname: Fact<string> = defineFact({
  name: 'hostname',
  about: 'The name that the kernel has for this host.',
  reads: { name: file('/proc/sys/kernel/hostname') },
  parse: ({ name }) => name.trim(),
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
  const memory = await factOr(memoryInfo, null)
  const virtual = await factOr(virtualization, null)
  return {
    hostname: await factOr(hostname, ''),
    os: { id: os?.id ?? '', versionId: os?.versionId ?? '', prettyName: os?.prettyName ?? '' },
    kernel: await factOr(kernelRelease, ''),
    arch: await factOr(kernelArch, ''),
    virtualization: virtual?.name ?? '',
    cpus: await factOr(cpusOnline, null),
    memoryBytes: memory?.get('MemTotal') ?? null,
    reached: host.kind,
    collectedAs: await factOr(collector, null),
  }
}
