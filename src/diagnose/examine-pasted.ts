/** Judges what was pasted by the checks of a host. */
import { NEWEST_ENGINE } from '../daemon-json/version.ts'
import { type Entry, memoryHost, type Readings } from '../hosts/memory.ts'
import type { Check, CheckId } from '../model/check.ts'
import type { Result } from '../model/report.ts'
import { ask, type DiagnoseOptions, isBad, judges } from './examine.ts'
import { ASSUMED, assumedAroundRules, assumedBeside } from './paste/assumed.ts'
import { NOT_SHOWN } from './paste/found.ts'

/** The check that asks whether a rule that is there stops packets: that one is not, others would have to know of every network. */
const OF_RULES: CheckId = 'firewall/forward-policy'

/** Where a pasted measure is well, whatever is not shown. Others are well because nothing else is shown. */
const MEASURES: readonly string[] = [
  'storage/space',
  'storage/inodes',
  'network/ip-forward',
] satisfies CheckId[]

export interface Pasted {
  readonly results: readonly Result[]
  /** Checks whose measure is well on a host that is like most in the rest: not ruled out, but no longer likely. */
  readonly seemWell: ReadonlySet<string>
}

/**
 * The pasted readings alone; and, where they do not suffice, with what most hosts have and lack: then they must show it themselves, and it
 * must not be said without them.
 */
export async function examinePasted(readings: Readings, options: DiagnoseOptions): Promise<Pasted> {
  if (Object.keys(readings).length === 0) return { results: [], seemWell: new Set() }
  const checks = options.checks.filter(judges({ profile: options.settings.profile }))
  const alone = await judgePasted(readings, checks, options)
  // With what fails by itself: it may explain the rest.
  const open = checks.filter((_, at) => alone[at]?.status === 'unknown' || isBad(alone[at]))
  const found = await judgeBeside(assumedBeside(readings), readings, open, options)
  const around = assumedAroundRules(readings)
  const ofRules = open.filter(({ id }) => around && id === OF_RULES)
  const stopped = around ? await judgeBeside(around, readings, ofRules, options) : []
  const shown = new Map([...found, ...stopped].map((result) => [result.id, result]))
  const results = alone.map((result) => {
    const other = shown.get(result.id)
    return asPasted(result.status === 'unknown' && isBad(other) && shows(other) ? other : result)
  })
  const well = [...shown.values()].filter(({ id, status }) => status === 'pass' && MEASURES.includes(id))
  return { results, seemWell: new Set(well.map(({ id }) => id)) }
}

/** What is found with the help of assumptions (`all` holds them, too), and would not be without what was pasted. */
async function judgeBeside(
  all: Readings,
  readings: Readings,
  checks: readonly Check[],
  options: DiagnoseOptions,
): Promise<readonly Result[]> {
  const found = (await judgePasted(all, checks, options))
    .filter(({ status }) => ['fail', 'warn', 'pass'].includes(status))
    .map((result) => withoutAssumed(result, readings, all))
  const usual = await judgePasted(ASSUMED, named(checks, found), options)
  return found.filter((result) => !usual.some((one) => one.id === result.id && says(one, result)))
}

const named = (checks: readonly Check[], results: readonly Result[]): readonly Check[] =>
  checks.filter(({ id }) => results.some((result) => result.id === id))

const shows = ({ evidence }: Result): boolean => evidence.some(({ state }) => state === 'ok')

/** Nobody pasted what is only assumed: it is no evidence. */
const withoutAssumed = (result: Result, readings: Readings, all: Readings): Result => ({
  ...result,
  evidence: result.evidence.filter(({ source }) => isShown(readings[source]) || !(source in all)),
})

const isShown = (entry: Entry | undefined): boolean => entry !== undefined && entry !== NOT_SHOWN

const says = (one: Result, other: Result): boolean =>
  one.status === other.status && one.message === other.message

/** What is found must hold for this engine as well as for the newest, unless the version was pasted. */
const AN_OLD_ENGINE: Readings = { '$ dockerd --version': 'Docker version 18.09.0, build 4d60db4' }

async function judgePasted(
  readings: Readings,
  checks: readonly Check[],
  options: DiagnoseOptions,
): Promise<readonly Result[]> {
  const { profile } = options.settings
  const judge = (pasted: Readings, asked: readonly Check[]): Promise<readonly Result[]> =>
    ask(memoryHost(pasted), asked, profile, { ...options, offline: true })
  const newest = await judge(readings, checks)
  const older = await judge({ ...AN_OLD_ENGINE, ...readings }, named(checks, newest.filter(isBad)))
  const agrees = ({ id, finding }: Result): boolean =>
    older.some((one) => one.id === id && one.finding === finding)
  return newest.map((result) => {
    if (!isBad(result)) return result
    return agrees(result) ? ofAnyVersion(result, older) : dependingOnVersion(result)
  })
}

/** The newest version was only assumed: what holds for an old engine, too, is not said of that one. */
function ofAnyVersion(result: Result, older: readonly Result[]): Result {
  const isAssumed = older.some(({ id, message }) => id === result.id && !message.includes(NEWEST_ENGINE))
  if (!isAssumed) return result
  const message = result.message
    .replaceAll(`engine ${NEWEST_ENGINE}`, 'the engine')
    .replaceAll(NEWEST_ENGINE, 'the engine')
  return { ...result, message }
}

const dependingOnVersion = ({ finding: _, fix: __, findings: ___, ...result }: Result): Result => ({
  ...result,
  status: 'unknown',
  message: 'cannot tell: it depends on the version of the engine, which the text does not show',
})

/** What the text does not show is no evidence of a finding. */
const asPasted = (result: Result): Result => ({
  ...result,
  evidence: result.evidence
    .filter(({ state }) => !isBad(result) || state !== 'notRecorded')
    .map((one) => ({ ...one, source: `pasted ${one.source}` })),
})
