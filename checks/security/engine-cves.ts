import { dataset } from '../../src/data/dataset.ts'
import type { Datasets } from '../../src/data/schemas.ts'
import { circumstances } from '../../src/facts/circumstances.ts'
import { type Build, engineBuilds, type Part } from '../../src/facts/engine-builds.ts'
import { enginePackages } from '../../src/facts/engine-packages.ts'
import { PART_NAMES, updatePart } from '../../src/facts/engine-updates.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import type { Fix } from '../../src/model/fix.ts'
import { compareVersions, inRange } from '../../src/versions.ts'

type Hole = Datasets['vulnerabilities']['holes'][number]
/** A hole of a version that is in use, and the version that closes it. */
interface Open extends Hole {
  readonly fixed: string
}

/**
 * What its publishers call critical or high is a reason not to run containers here until it is closed; medium is worth an update at leisure; low
 * stands among the data alone. So does what only matters to those who do something that cannot be seen here (untrusted builds, …).
 * Every hole of the table is closed by some release. Our choice, there is no standard for it.
 */
const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const
const SEVERE: ReadonlySet<string> = new Set(['critical', 'high'])

const openHoles = (part: Part, { version, upstream }: Build, holes: readonly Hole[]): Open[] =>
  holes.flatMap((hole) => {
    const range = hole.affected.find((one) => inRange(version, one))
    return upstream && hole.component === part && range ? [{ ...hole, fixed: range.before }] : []
  })

export default defineCheck({
  id: 'security/engine-cves',
  title: 'The engine and its parts have no known severe holes',
  why: 'Through a known hole a container or an image can take over the host.',
  profiles: ['docker', 'rootless', 'swarm', 'hardening'],
  needs: {
    builds: engineBuilds,
    circumstances,
    packages: maybe(enginePackages),
    family: maybe(packageFamily),
    table: dataset('vulnerabilities'),
  },
  findings: {
    severe: fail('{name} {version} has a known hole that {fixed} closes: {title} ({id}{detail})'),
    medium: warn('{name} {version} has a known lesser hole that {fixed} closes: {title} ({id}{detail})'),
  },
  evaluate({ builds, circumstances, packages, family, table }, report) {
    if (!builds.has('engine') && !builds.has('containerd')) return report.skip('no engine is installed here')
    const judged = [...builds].filter(([, { upstream }]) => upstream)
    const others = [...builds].filter(([, { upstream }]) => !upstream)
    if (judged.length === 0) {
      const names = others.map(([part, { version }]) => `${PART_NAMES[part]} ${version}`).join(', ')
      return report.skip(
        `${names}: not built by Docker; distributions close holes without a new version number`,
      )
    }
    const cure = (part: Part, from: string, to: string): Fix =>
      updatePart(
        part,
        { from, to },
        packages.known ? packages.value : null,
        family.known ? family.value : null,
      )
    const all = judged.flatMap(([part, build]) => openHoles(part, build, table.holes))
    const matters = ({ only = [] }: Hole): boolean => only.every((name) => circumstances.has(name))
    const data = {
      versions: Object.fromEntries([...builds].map(([part, { version }]) => [part, version])),
      open: all
        .filter(matters)
        .map(({ id, component, severity, fixed, sources }) => ({ id, component, severity, fixed, sources })),
      dependent: all.filter((hole) => !matters(hole)).map(({ id, only = [] }) => ({ id, only })),
    }
    const found = judged.flatMap(([part, { version }]) => {
      const holes = all
        .filter((hole) => hole.component === part && hole.severity !== 'low' && matters(hole))
        .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
      const [worst] = holes
      if (!worst) return []
      const isSevere = SEVERE.has(worst.severity)
      const told = holes.filter(({ severity }) => SEVERE.has(severity) === isSevere)
      const fixed =
        told
          .map((hole) => hole.fixed)
          .sort(compareVersions)
          .at(-1) ?? worst.fixed
      const detail = told.length > 1 ? `, and ${told.length - 1} more` : ''
      const slots = { name: PART_NAMES[part], version, fixed, title: worst.title, id: worst.id, detail }
      return [report(isSevere ? 'severe' : 'medium', slots, cure(part, version, fixed), data)]
    })
    const rest =
      others.length > 0 ? `; ${others.map(([part]) => PART_NAMES[part]).join(', ')}: the distribution's` : ''
    return report.all(found, () =>
      report.pass(
        `${judged.map(([part, { version }]) => `${PART_NAMES[part]} ${version}`).join(', ')}${rest}`,
        data,
      ),
    )
  },
})
