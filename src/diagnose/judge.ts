/** From a text to its causes: what it speaks of, looked for on the host, in the order in which a person should look at them. */

import type { Datasets } from '../data/schemas.ts'
import { run } from '../engine/run.ts'
import type { Settings } from '../facts/settings.ts'
import type { Host } from '../hosts/host.ts'
import { memoryHost, type Readings } from '../hosts/memory.ts'
import { clean } from '../hosts/redact.ts'
import type { Check, CheckId } from '../model/check.ts'
import type { Report, Result } from '../model/report.ts'
import { type Candidate, candidatesIn, explains, LIKELY } from './candidates.ts'
import { COLLECT } from './collect.ts'
import {
  type Cause,
  CONFIDENCES,
  type Confidence,
  type Diagnosis,
  type RuledOut,
  type SeenSymptom,
} from './diagnosis.ts'
import { ASSUMED } from './paste/assumed.ts'
import { parsePaste } from './paste/blocks.ts'
import { readingsOf } from './paste/readings.ts'

export interface DiagnoseOptions {
  readonly checks: readonly Check[]
  /** Where causes are looked for; null: in the text alone. */
  readonly host: Host | null
  readonly settings: Settings
  readonly data?: Datasets
  readonly offline: boolean
  /** Seconds. */
  readonly timeoutS: number
  readonly version: string
  readonly signal?: AbortSignal
}

export async function diagnose(text: string, options: DiagnoseOptions): Promise<Diagnosis> {
  const paste = parsePaste(clean(text))
  const candidates = candidatesIn(paste, options.checks)
  const readings = readingsOf(paste)
  const pasted = await examinePasted(readings, candidates, options)
  const live = options.host
    ? await examine(options.host, suspects(candidates, options), candidates, options)
    : []
  const found = resultsOf(live, pasted.map(asPasted))
  const causes = inOrder(causesOf(candidates, found, options.checks))
  return {
    symptoms: symptomsOf(candidates),
    causes,
    ruledOut: ruledOutOf(candidates, found, causes),
    collect: causes.length === 0 ? COLLECT : [],
  }
}

/** The pasted readings alone; and, where they do not suffice, with what most hosts lack: then they must show it themselves. */
async function examinePasted(
  readings: Readings,
  candidates: readonly Candidate[],
  options: DiagnoseOptions,
): Promise<readonly Result[]> {
  if (Object.keys(readings).length === 0) return []
  const judge = (host: Host): Promise<readonly Result[]> =>
    examine(host, options.checks, candidates, { ...options, offline: true })
  const [alone, assuming] = await Promise.all([
    judge(memoryHost(readings)),
    judge(memoryHost({ ...ASSUMED, ...readings })),
  ])
  const shows = ({ evidence }: Result): boolean =>
    evidence.some(({ source, state }) => state === 'ok' && source in readings)
  return alone.map((result, at) => {
    const other = assuming[at]
    return result.status === 'unknown' && isBad(other) && shows(other) ? other : result
  })
}

async function examine(
  host: Host,
  checks: readonly Check[],
  candidates: readonly Candidate[],
  options: DiagnoseOptions,
): Promise<readonly Result[]> {
  if (checks.length === 0) return []
  const { settings, offline, timeoutS, version, signal, data } = options
  const report: Report = await run(host, {
    checks,
    settings: { ...settings, profile: profileFor(candidates, settings) },
    offline,
    timeoutS,
    version,
    ...(data ? { data } : {}),
    ...(signal ? { signal } : {}),
  })
  return report.results
}

/** A cause that only another profile knows is judged by that one. */
function profileFor([first]: readonly Candidate[], { profile }: Settings): Settings['profile'] {
  const profiles = first?.check.profiles ?? []
  return profiles.includes(profile) ? profile : (profiles[0] ?? profile)
}

/** The candidates, and every check that may be the cause of one of them; those that judge what the host is not for are left out. */
function suspects(candidates: readonly Candidate[], { checks: all, settings }: DiagnoseOptions): Check[] {
  const profile = profileFor(candidates, settings)
  const checks = all.filter(({ profiles }) => profiles.includes(profile))
  const wanted = new Set<Check>(
    candidates.map(({ check }) => check).filter((check) => checks.includes(check)),
  )
  for (const consequence of wanted) {
    for (const check of checks) if (explains(check.id, consequence)) wanted.add(check)
  }
  return [...wanted]
}

const asPasted = (result: Result): Result => ({
  ...result,
  evidence: result.evidence.map((one) => ({ ...one, source: `pasted ${one.source}` })),
})

type Found = ReadonlyMap<string, Result>

/** What the host says counts before what the text shows of it; where it cannot tell, the text is heard. */
function resultsOf(live: readonly Result[], pasted: readonly Result[]): Found {
  const found = new Map(pasted.map((result) => [result.id, result]))
  for (const result of live) {
    if (result.status !== 'unknown' || !isBad(found.get(result.id))) found.set(result.id, result)
  }
  return found
}

const isWell = (result: Result | undefined): boolean => result?.status === 'pass' || result?.status === 'skip'
const isBad = (result: Result | undefined): result is Result =>
  result?.status === 'fail' || result?.status === 'warn'

/** A warning confirms only what the text speaks of clearly enough. */
const FOR_A_WARNING = 0.1

function isConfirmed({ check, share }: Candidate, found: Found): boolean {
  const result = found.get(check.id)
  return result?.status === 'fail' || (result?.status === 'warn' && share >= FOR_A_WARNING)
}

interface Named {
  readonly check: Check
  readonly candidate: Candidate | undefined
  readonly confidence: Confidence
  readonly share: number
}

function causesOf(candidates: readonly Candidate[], found: Found, checks: readonly Check[]): Cause[] {
  const byText = candidates
    .filter(({ check }) => !['pass', 'skip'].includes(found.get(check.id)?.status ?? ''))
    .filter((candidate) => isConfirmed(candidate, found) || found.get(candidate.check.id)?.status !== 'warn')
    .map(
      (candidate): Named => ({
        check: candidate.check,
        candidate,
        share: candidate.share,
        confidence: confidenceOf(candidate, found),
      }),
    )
  const behind = behindThem(candidates, found, checks)
  const named = [...byText.filter(isWorthNaming), ...behind]
  const confirmed = new Set<string>(
    named.filter(({ confidence }) => confidence === 'confirmed').map(({ check }) => check.id),
  )
  return named
    .sort((a, b) => rankOf(a.confidence) - rankOf(b.confidence) || b.share - a.share)
    .map((one) => causeFrom(one, found.get(one.check.id), confirmed, named, found))
}

/** Beside what the text implies, what it hardly allows is noise. */
const HARDLY = 0.1
const isWorthNaming = ({ confidence, share }: Named, _: number, all: readonly Named[]): boolean =>
  confidence !== 'possible' || share >= HARDLY || !all.some((one) => one.confidence !== 'possible')

const rankOf = (confidence: Confidence): number => CONFIDENCES.indexOf(confidence)

const confidenceOf = (candidate: Candidate, found: Found): Confidence =>
  isConfirmed(candidate, found) ? 'confirmed' : candidate.share >= LIKELY ? 'likely' : 'possible'

/**
 * What fails and explains a candidate, though the text does not speak of it: also one that the text implies, and that is well by now. Or, where
 * the text speaks of nothing, what it shows to fail.
 */
function behindThem(candidates: readonly Candidate[], found: Found, checks: readonly Check[]): Named[] {
  const known = new Set<string>(candidates.map(({ check }) => check.id))
  const named: Named[] = []
  const reached = new Map<string, number>(candidates.map(({ check, share }) => [check.id, share]))
  for (const [id, share] of reached) {
    for (const cause of found.get(id)?.causedBy ?? []) {
      const check = checks.find((one) => one.id === cause)
      if (!check || reached.has(cause) || found.get(cause)?.status !== 'fail') continue
      reached.set(cause, share)
      named.push({ check, candidate: undefined, share, confidence: 'confirmed' })
    }
  }
  for (const { check: wellHere, share } of candidates.filter(
    (one) => one.share >= LIKELY && isWell(found.get(one.check.id)),
  )) {
    for (const check of checks) {
      if (reached.has(check.id) || found.get(check.id)?.status !== 'fail' || !explains(check.id, wellHere))
        continue
      reached.set(check.id, share)
      named.push({ check, candidate: undefined, share, confidence: 'confirmed' })
    }
  }
  if (known.size > 0) return named
  const failing = checks.filter(({ id, symptoms }) => symptoms.length > 0 && found.get(id)?.status === 'fail')
  return failing.map((check) => ({ check, candidate: undefined, share: 0, confidence: 'confirmed' }))
}

function causeFrom(
  { check, candidate, confidence }: Named,
  result: Result | undefined,
  confirmed: ReadonlySet<string>,
  named: readonly Named[],
  found: Found,
): Cause {
  const isFound = confidence === 'confirmed' && result !== undefined
  const causedBy = isFound ? (result.causedBy ?? []).filter((id) => confirmed.has(id)) : []
  const follow = isFound
    ? named.filter(
        (one) => confirmed.has(one.check.id) && found.get(one.check.id)?.causedBy?.includes(check.id),
      )
    : []
  const finding = isFound
    ? result.finding
    : candidate?.seen.find(({ symptom }) => symptom.finding)?.symptom.finding
  const ask = candidate?.seen.find(({ symptom }) => symptom.ask)?.symptom.ask
  const text = (candidate?.seen ?? [])
    .slice(0, 2)
    .map(({ excerpt }) => ({ source: 'text', state: 'ok' as const, excerpt }))
  return {
    check: check.id,
    ...(finding ? { finding } : {}),
    confidence,
    title: check.title,
    message: isFound ? result.message : check.why,
    evidence: [...(isFound ? result.evidence : []), ...uniqueBy(text, ({ excerpt }) => excerpt)],
    ...(isFound && result.fix ? { fix: result.fix } : {}),
    explains: follow.map((one) => one.check.id),
    causedBy,
    ...(ask && !isFound ? { ask } : {}),
  }
}

/** Of what is confirmed, root causes first, each by how much of the text it explains; what follows from them after it. */
function inOrder(causes: readonly Cause[]): Cause[] {
  const roots = causes.filter(
    ({ confidence, causedBy }) => confidence !== 'confirmed' || causedBy.length === 0,
  )
  const following = causes.filter((cause) => !roots.includes(cause))
  const at = roots.findIndex(({ confidence }) => confidence !== 'confirmed')
  return at < 0 ? [...roots, ...following] : [...roots.slice(0, at), ...following, ...roots.slice(at)]
}

function ruledOutOf(candidates: readonly Candidate[], found: Found, causes: readonly Cause[]): RuledOut[] {
  return candidates.flatMap(({ check }) => {
    const result = found.get(check.id)
    if (!result || causes.some((cause) => cause.check === check.id)) return []
    return [{ check: check.id, title: check.title, by: result.message, evidence: result.evidence }]
  })
}

function symptomsOf(candidates: readonly Candidate[]): SeenSymptom[] {
  const all = candidates.flatMap(({ check, seen }) => seen.map((one) => ({ check, ...one })))
  return uniqueBy(all, ({ excerpt }) => excerpt).map(({ excerpt }) => {
    const alike = all.filter((one) => one.excerpt === excerpt)
    const name = alike.find(({ symptom }) => symptom.phenomenon)?.symptom.phenomenon?.name
    const checks = [...new Set<CheckId>(alike.map(({ check }) => check.id))]
    return { text: excerpt, ...(name ? { name } : {}), checks }
  })
}

const uniqueBy = <T>(items: readonly T[], key: (item: T) => string): T[] =>
  [...new Map(items.toReversed().map((item) => [key(item), item])).values()].toReversed()
