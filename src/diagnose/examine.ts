/** Looks on the host for what a text speaks of. */
import type { Datasets } from '../data/schemas.ts'
import { FactStore } from '../engine/facts.ts'
import { Reader } from '../engine/reader.ts'
import { AT_ONCE, presets, run } from '../engine/run.ts'
import type { Settings } from '../facts/settings.ts'
import type { Host } from '../hosts/host.ts'
import { areaOf, type Check, type CheckId, type Profile } from '../model/check.ts'
import type { Result } from '../model/report.ts'
import { type Candidate, explains, LIKELY } from './candidates.ts'

export interface DiagnoseOptions {
  readonly checks: readonly Check[]
  /** Where causes are looked for; null: in the text alone. */
  readonly host: Host | null
  readonly settings: Settings
  readonly data?: Datasets
  readonly offline: boolean
  /** Seconds that all of it may take. */
  readonly timeoutS: number
  readonly version: string
  readonly signal?: AbortSignal
}

/** What the host says of the candidates, and of every check that may be the cause of one of them. */
export async function examineHost(
  host: Host,
  candidates: readonly Candidate[],
  options: DiagnoseOptions,
): Promise<readonly Result[]> {
  const profiles = profilesFor(candidates, options.settings)
  const runs = profiles.map((profile) => ask(host, suspects(candidates, profile, options), profile, options))
  const results = (await Promise.all(runs)).flat()
  // What is wrong for one of them is what the text may speak of.
  const ordered = [
    ...results.toReversed().filter((one) => !isBad(one)),
    ...results.toReversed().filter(isBad),
  ]
  return [...new Map(ordered.map((result) => [result.id, result])).values()]
}

/** All that was not asked yet. */
export function examineRest(
  host: Host,
  asked: readonly Result[],
  options: DiagnoseOptions,
): Promise<readonly Result[]> {
  const { profile } = options.settings
  const checks = options.checks
    .filter(({ id, profiles }) => profiles.includes(profile) && !asked.some((result) => result.id === id))
    .filter(judges(options.settings))
  return ask(host, checks, profile, options)
}

/** The user's, and the homes of checks that the text implies: each names its own first. */
const profilesFor = (candidates: readonly Candidate[], { profile }: Settings): readonly Profile[] => [
  ...new Set([profile, ...candidates.filter(isLikely).flatMap(homeOf)]),
]

const isLikely = ({ share }: Candidate): boolean => share >= LIKELY
const homeOf = ({ check }: Candidate): readonly Profile[] =>
  check.profiles.slice(0, 1).filter((home) => home !== 'docker')

/** What the text speaks of, and what may be the cause of it. What a profile other than the user's asks for beside that, the host need not have. */
function suspects(
  candidates: readonly Candidate[],
  profile: Profile,
  { checks: all, settings }: DiagnoseOptions,
): readonly Check[] {
  const checks = all.filter(({ profiles }) => profiles.includes(profile)).filter(judges(settings))
  const isUsers = profile === settings.profile
  const named = isUsers
    ? candidates
    : candidates.filter(isLikely).filter((one) => homeOf(one).includes(profile))
  const ofContainer = checks.filter(({ id }) => isUsers && areaOf(id) === 'container')
  const wanted = new Set<Check>([
    ...named.map(({ check }) => check).filter((check) => checks.includes(check)),
    ...ofContainer,
  ])
  for (const consequence of wanted) {
    if (!isUsers && consequence.profiles.includes(settings.profile)) continue
    for (const check of checks) if (explains(check.id, consequence)) wanted.add(check)
  }
  return [...wanted]
}

/** Nobody can say anything of a container that is not named. */
export const judges =
  ({ container }: Settings) =>
  ({ id }: Check): boolean =>
    container !== undefined || areaOf(id) !== 'container'

/** What is wrong with a container itself, whatever the host does with its packets. */
const OF_THE_CONTAINER: readonly string[] = ['container/running', 'container/listening'] satisfies CheckId[]

export const examineContainer = (
  host: Host,
  container: string,
  options: DiagnoseOptions,
): Promise<readonly Result[]> =>
  ask(
    host,
    options.checks.filter(({ id }) => OF_THE_CONTAINER.includes(id)),
    options.settings.profile,
    { ...options, settings: { ...options.settings, container } },
  )

export const isBad = (result: Result | undefined): result is Result =>
  result?.status === 'fail' || result?.status === 'warn'

/** What checks say of a host. */
export async function ask(
  host: Host,
  checks: readonly Check[],
  profile: Profile,
  options: DiagnoseOptions,
): Promise<readonly Result[]> {
  if (checks.length === 0) return []
  const { settings, offline, timeoutS, version, signal, data } = options
  const report = await run(host, {
    checks,
    settings: { ...settings, profile },
    offline,
    timeoutS,
    version,
    ...(data ? { data } : {}),
    ...(signal ? { signal } : {}),
  })
  return report.results
}

/** What is to be known of a host before checks are asked: for that nobody beyond it is asked. */
export function factsOf(host: Host, options: DiagnoseOptions): FactStore {
  const signal = options.signal ?? AbortSignal.timeout(options.timeoutS * 1000)
  return new FactStore(new Reader(host, { signal, atOnce: AT_ONCE, offline: true }), presets(options))
}
