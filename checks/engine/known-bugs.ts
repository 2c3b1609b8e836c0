import { dataset } from '../../src/data/dataset.ts'
import type { Datasets } from '../../src/data/schemas.ts'
import { circumstances } from '../../src/facts/circumstances.ts'
import { type Builds, engineBuilds } from '../../src/facts/engine-builds.ts'
import { enginePackages } from '../../src/facts/engine-packages.ts'
import { engineRuns } from '../../src/facts/engine-running.ts'
import { PART_NAMES, updatePart } from '../../src/facts/engine-updates.ts'
import { type Kernel, kernel } from '../../src/facts/kernel-release.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { type Fix, fix, manual } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'
import { inRange } from '../../src/versions.ts'

type Bug = Datasets['engine-bugs']['bugs'][number]

/** Only what is known to be in the range counts, and where a fix may have been added to a version, only upstream's build of it. */
const isHit = ({ when, anyBuild }: Bug, builds: Builds, kernel: Kernel | null): boolean =>
  when.every(({ part, ...range }) => {
    if (part === 'kernel')
      return kernel !== null && inRange(`${kernel.major}.${kernel.minor}.${kernel.patch}`, range)
    const build = builds.get(part)
    return build !== undefined && (build.upstream || anyBuild === true) && inRange(build.version, range)
  })

const versionsIn = ({ when }: Bug, builds: Builds): string =>
  when
    .flatMap(({ part }) => (part === 'kernel' ? [] : `${PART_NAMES[part]} ${builds.get(part)?.version}`))
    .join(' with ')

export default defineCheck({
  id: 'engine/known-bugs',
  title: 'Engine and parts are in no combination known to be broken',
  why: 'Some releases break containers by a fault of their own, which no setting of the host explains.',
  profiles: ['docker', 'swarm'],
  needs: {
    builds: engineBuilds,
    kernel: maybe(kernel),
    circumstances,
    runs: maybe(engineRuns),
    packages: maybe(enginePackages),
    family: maybe(packageFamily),
    table: dataset('engine-bugs'),
  },
  symptoms: () => [
    shows(
      /unknown capability "?CAP_(?:PERFMON|BPF|CHECKPOINT_RESTORE)|fatal error: unexpected signal|SIGSEGV: segmentation violation|DeadlineExceeded: context deadline exceeded: unknown|bpf_prog_query\(BPF_CGROUP_DEVICE\) failed/,
      0.4,
    ),
  ],
  findings: {
    broken: fail('{versions}: {effect} (until {part} {fixed})'),
    faulty: warn('{versions}: {effect} (until {part} {fixed})'),
  },
  evaluate({ builds, kernel, circumstances, runs, packages, family, table }, report) {
    const engine = builds.get('engine')
    if (!engine) return report.skip('no engine is installed here')
    const hit = table.bugs.filter(
      (bug) =>
        isHit(bug, builds, kernel.known ? kernel.value : null) &&
        (bug.only ?? []).every((name) => circumstances.has(name)) &&
        !(bug.stopsStart && (!runs.known || runs.value)),
    )
    const cure = ({ fixed: { part, version }, instead }: Bug): Fix => {
      const versions = { from: builds.get(part)?.version ?? '', to: version }
      const update = updatePart(
        part,
        versions,
        packages.known ? packages.value : null,
        family.known ? family.value : null,
      )
      return instead ? fix(update.summary, ...update.steps, manual(instead)) : update
    }
    const found = hit.map((bug) => {
      const { id, level, effect, fixed, sources } = bug
      const slots = {
        versions: versionsIn(bug, builds),
        effect,
        part: PART_NAMES[fixed.part],
        fixed: fixed.version,
      }
      return report(level === 'fail' ? 'broken' : 'faulty', slots, cure(bug), { id, sources })
    })
    return report.all(found, () => report.pass(`engine ${engine.version}`))
  },
})
