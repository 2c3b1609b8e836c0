/** Whether the distribution's release still gets updates, by the host's own clock. */
import { dataset } from '../data/dataset.ts'
import type { Datasets } from '../data/schemas.ts'
import { defineFact, type Fact } from '../model/fact.ts'
import { compareVersions } from '../versions.ts'
import { now } from './clock.ts'
import { type OsRelease, osRelease } from './os-release.ts'

/**
 * `supported` · `extended`: only by a subscription · `ended` · `unfit`: too old for any engine · `undated`: known, and no date
 * published or in our table · `foreign`: a distribution that we do not know.
 */
export type LifeState = 'supported' | 'extended' | 'ended' | 'unfit' | 'undated' | 'foreign'

export interface Life {
  readonly state: LifeState
  /** As people know it: `Debian 12`. */
  readonly name: string
  /** The last day of general updates, RFC 3339, or `before` the day on which a later release ended; empty where unknown. */
  readonly until: string
  /** Days from now to `until`; negative when past, null without one. */
  readonly days: number | null
  readonly programme: string
  /** The last day of the programme; empty without one. */
  readonly extended: string
}

type Distributions = Datasets['distributions']['distributions']
type DistributionLife = Distributions[string]
type ReleaseLife = DistributionLife['releases'][number]

const DAY_MS = 86_400_000

export const distributionLife: Fact<Life | null> = defineFact({
  name: 'distributionLife',
  about: 'Whether the release of this distribution still gets updates; null without an os-release file.',
  needs: { os: osRelease, now, table: dataset('distributions') },
  parse: (_, { os, now, table }) => (os ? lifeOf(os, Date.parse(now), table.distributions) : null),
})

/** @param nowMs milliseconds since the epoch */
export function lifeOf(os: OsRelease, nowMs: number, distributions: Distributions): Life {
  const version = versionOf(os)
  const key = keyOf(os)
  const known = Object.hasOwn(distributions, key) ? distributions[key] : undefined
  const name = known ? `${known.name} ${version}`.trim() : os.prettyName || os.id
  const none = { name, until: '', days: null, programme: '', extended: '' }
  if (!known) return { ...none, state: 'foreign' }
  if (known.enginesFrom && isBelow(version, known.enginesFrom)) return { ...none, state: 'unfit' }
  const days = (date: string): number => Math.floor((Date.parse(date) - nowMs) / DAY_MS) + 1
  const release = rowOf(known, version)
  if (!release) {
    const oldest = known.releases.at(-1)
    const isOlder = oldest && isBelow(version, oldest.version) && days(oldest.until) < 0
    return isOlder
      ? { ...none, state: 'ended', until: `before ${oldest.until}` }
      : { ...none, state: 'undated' }
  }
  const { until, extended = '' } = release
  const left = days(until)
  const life = { name, until, days: left, programme: known.programme ?? '', extended }
  if (left >= 0) return { ...life, state: 'supported' }
  return { ...life, state: extended && days(extended) >= 0 ? 'extended' : 'ended' }
}

function keyOf({ id, variables }: OsRelease): string {
  if (id === 'centos' && /stream/i.test(`${variables.NAME ?? ''} ${variables.PRETTY_NAME ?? ''}`))
    return 'centos-stream'
  if (/^sle[sd]|^sle_/.test(id)) return 'sles'
  // Linux Mint's edition on Debian counts its releases on its own.
  return variables.NAME === 'LMDE' ? 'lmde' : id
}

/** openEuler's VERSION_ID does not tell its service packs, each of which has an end of its own. */
function versionOf({ id, versionId, variables }: OsRelease): string {
  const edition = id === 'openeuler' ? /\((LTS[^)]*)\)/.exec(variables.VERSION ?? '')?.[1] : undefined
  return edition ? `${versionId} ${edition}` : versionId
}

const rowOf = ({ releases }: DistributionLife, version: string): ReleaseLife | undefined =>
  releases.find((each) => version === each.version || version.startsWith(`${each.version}.`))

/** What is no version is below nothing. */
const isBelow = (version: string, other: string): boolean =>
  /^\d/.test(version) && compareVersions(version, other) < 0
