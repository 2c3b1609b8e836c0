/** The processors that containers may use. */
import { type AsReading, asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { cgroups } from './cgroups.ts'

export interface ContainerCpus {
  /** The file that says it. */
  readonly path: string
  /** As the kernel lists them: `0-3,6`. */
  readonly list: string
}

/**
 * cgroup v1 takes processors that go away out of every group, and never puts them back. With v2 who has fewer was given fewer.
 * @see https://docs.kernel.org/admin-guide/cgroup-v1/cpusets.html
 */
export const containerCpus: Fact<ContainerCpus | null> = defineFact({
  name: 'containerCpus',
  about:
    'The processors of the control group (v1) that containers lie in; null where there is no such group.',
  needs: { cgroups },
  reads: ({ cgroups }): Record<string, AsReading<FileSource>> => {
    const root = cgroups.mode === 'v1' ? cgroups.mountPoints.get('cpuset') : undefined
    const paths = root ? ['docker', 'system.slice'].map((group) => `${root}/${group}/cpuset.cpus`) : []
    return Object.fromEntries(paths.map((path) => [path, asReading(file(path))]))
  },
  reading: 'cpuset.cpus of the control group of containers',
  parse: (readings): ContainerCpus | null => {
    for (const [path, reading] of Object.entries(readings)) {
      if (reading.state === 'ok' && reading.value.trim() !== '') return { path, list: reading.value.trim() }
      if (reading.state !== 'ok' && reading.state !== 'absent') return unavailable(path, reading)
    }
    return null
  },
})
