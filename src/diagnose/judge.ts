/** From a text to its causes: what it speaks of, looked for on the host, in the order in which a person should look at them. */
import { NOT_ASKED } from '../engine/evaluate.ts'
import { explain } from '../engine/explain.ts'
import type { Host } from '../hosts/host.ts'
import { clean } from '../hosts/redact.ts'
import { areaOf, type Check, type CheckId } from '../model/check.ts'
import type { Result } from '../model/report.ts'
import { refusalIn } from './asker.ts'
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
import { type DiagnoseOptions, examineHost, examineRest, isBad } from './examine.ts'
import { examinePasted } from './examine-pasted.ts'
import { containerMeant, expectContainer } from './meant.ts'
import { parsePaste } from './paste/blocks.ts'
import { condensed } from './paste/condense.ts'
import { heardOf } from './paste/heard.ts'
import { readIn, readingsOf } from './paste/readings.ts'
import { examinePeer, OF_PEERS } from './peer.ts'
import { refusedIn } from './refused.ts'

/** @throws {UnknownContainer} where the user names a container that the engine does not have */
export async function diagnose(text: string, given: DiagnoseOptions): Promise<Diagnosis> {
  const options = { ...given, signal: endOf(given) }
  const paste = parsePaste(clean(condensed(text)))
  const read = readIn(paste)
  const candidates = candidatesIn(heardOf(paste, read), options.checks)
  const readings = readingsOf(paste, read)
  const pasted = await examinePasted(readings, options)
  const { host } = options
  const meant = host && (await containerOf(paste.text, candidates, host, options))
  const refusal = host ? await refusalIn(paste, host, options) : {}
  const settings = {
    ...options.settings,
    ...refusal,
    ...(meant ? { container: meant } : {}),
    refused: refusedIn(paste.text),
  }
  const about = { ...options, settings }
  const asked = host && candidates.some(({ check, seen }) => check.id === OF_PEERS && seen.length > 0)
  const [looked, met] = await Promise.all([
    host ? examineHost(host, candidates, about) : [],
    asked ? examinePeer(paste.text, host, about) : null,
    host && expectContainer(host, options),
  ])
  const live = met ? withPeer(looked, met.result, options.checks) : looked
  const found = resultsOf(live, pasted.results)
  const bySight = inOrder(causesOf(candidates, found, pasted.seemWell, options.checks))
  const isOpen =
    candidates.some(({ seen }) => seen.length > 0) &&
    bySight.every(({ confidence }) => confidence === 'possible')
  const rest = host && isOpen ? await examineRest(host, live, about) : []
  const unspoken = isOpen ? unspokenOf([...live, ...rest], options.checks) : []
  const causes = [...unspoken, ...bySight.map((cause) => withOpen(cause, live))]
  return {
    ...(meant ? { container: meant } : {}),
    ...(met ? { peer: `${met.peer.host}:${met.peer.port}` } : {}),
    symptoms: symptomsOf(candidates),
    causes,
    ruledOut: ruledOutOf(candidates, found, causes),
    collect: causes.length === 0 ? COLLECT : [],
  }
}

/** One end for all that is looked at, one after the other. */
const endOf = ({ timeoutS, signal }: DiagnoseOptions): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(timeoutS * 1000), ...(signal ? [signal] : [])])

/** Why the host, which was asked, cannot tell of a cause that the text implies. */
function withOpen(cause: Cause, live: readonly Result[]): Cause {
  const result = live.find(({ id, status }) => id === cause.check && status === 'unknown')
  return result && cause.confidence === 'likely' ? { ...cause, open: result.message } : cause
}

/** The container that the text is about, where the user did not name it. */
const containerOf = (
  text: string,
  candidates: readonly Candidate[],
  host: Host,
  options: DiagnoseOptions,
): Promise<string | null> | null =>
  options.settings.container === undefined && candidates.some(({ check }) => areaOf(check.id) === 'container')
    ? containerMeant(text, host, options)
    : null

/** What is wrong with the container itself comes before whom it reaches. */
function withPeer(looked: readonly Result[], result: Result, checks: readonly Check[]): readonly Result[] {
  if (isBad(looked.find(({ id }) => id === result.id))) return looked
  return explain([...looked.filter(({ id }) => id !== result.id), result], checks)
}

type Found = ReadonlyMap<string, Result>

/** What the host says counts before what the text shows of it; where it cannot tell, the text is heard. */
function resultsOf(live: readonly Result[], pasted: readonly Result[]): Found {
  const found = new Map(pasted.map((result) => [result.id, result]))
  for (const result of live) {
    if (result.status !== 'unknown' || !isBad(found.get(result.id))) found.set(result.id, result)
  }
  return found
}

/** It was looked at, or is not here: what nobody asked for is not well. */
const isWell = (result: Result | undefined): boolean =>
  result?.status === 'pass' || (result?.status === 'skip' && result.message !== NOT_ASKED)

/** In words, what one command asked for, where the text implies that it was this. */
const askedFor = (candidate: Candidate | undefined): string | undefined =>
  candidate?.isImplied
    ? candidate.seen.find(({ symptom }) => symptom.ofCommand)?.symptom.ofCommand
    : undefined

/** A warning confirms only what the text speaks of clearly enough: less is enough where it implies nothing else. */
const FOR_A_WARNING = { besideImplied: 0.3, alone: 0.1 } as const

/** Whether the host, or the paste, shows a candidate of a text. */
function isShownBy(found: Found, candidates: readonly Candidate[]): (candidate: Candidate) => boolean {
  const least = candidates.some(({ isImplied }) => isImplied)
    ? FOR_A_WARNING.besideImplied
    : FOR_A_WARNING.alone
  return ({ check, share }) => {
    const status = found.get(check.id)?.status
    return status === 'fail' || (status === 'warn' && share >= least)
  }
}

/** What fails on the host though the text, which implies nothing, does not speak of it. What follows from something else is left out. */
function unspokenOf(results: readonly Result[], checks: readonly Check[]): Cause[] {
  const found = new Map(results.map((result) => [result.id, result]))
  const confirmed = new Set<string>()
  return results
    .filter(
      ({ status, causedBy }) =>
        status === 'fail' && !causedBy?.some((id) => found.get(id)?.status === 'fail'),
    )
    .flatMap((result): Cause[] => {
      const check = checks.find(({ id }) => id === result.id)
      const one = check && ({ check, candidate: undefined, confidence: 'confirmed', share: 0 } as const)
      return one ? [{ ...causeFrom(one, result, confirmed, [], found), unspoken: true }] : []
    })
}

/** What fails of the container that the user named, beside what the text speaks of. */
const OF_THE_NAMED = 0.3

interface Named {
  readonly check: Check
  readonly candidate: Candidate | undefined
  readonly confidence: Confidence
  readonly share: number
}

/** What the text does not speak of stands behind what it does. */
const strengthOf = ({ candidate, share }: Named): number => candidate?.strength ?? Math.log(share + 1e-3)

function causesOf(
  candidates: readonly Candidate[],
  found: Found,
  seemWell: ReadonlySet<string>,
  checks: readonly Check[],
): Cause[] {
  const isShown = isShownBy(found, candidates)
  const byText = candidates
    .filter((one) => askedFor(one) || !isWell(found.get(one.check.id)))
    .filter((one) => askedFor(one) || isShown(one) || found.get(one.check.id)?.status !== 'warn')
    .map(
      (candidate): Named => ({
        check: candidate.check,
        candidate,
        share: candidate.share,
        confidence: isShown(candidate)
          ? 'confirmed'
          : candidate.isImplied && (askedFor(candidate) || !seemWell.has(candidate.check.id))
            ? 'likely'
            : 'possible',
      }),
    )
  const behind = behindThem(candidates, found, checks)
  const named = [...byText.filter(isWorthNaming), ...behind]
  const confirmed = new Set<string>(
    named.filter(({ confidence }) => confidence === 'confirmed').map(({ check }) => check.id),
  )
  return named
    .sort((a, b) => rankOf(a.confidence) - rankOf(b.confidence) || strengthOf(b) - strengthOf(a))
    .map((one) => causeFrom(one, found.get(one.check.id), confirmed, named, found))
}

/** Beside what the text implies, what it hardly allows is noise. */
const HARDLY = 0.1
/** As many as a person looks at. */
const A_FEW = 3
const isWorthNaming = ({ confidence, share }: Named, at: number, all: readonly Named[]): boolean =>
  confidence !== 'possible' ||
  share >= HARDLY ||
  at < A_FEW ||
  !all.some((one) => one.confidence !== 'possible')

const rankOf = (confidence: Confidence): number => CONFIDENCES.indexOf(confidence)

/**
 * What fails and explains a candidate, though the text does not speak of it: also one that the text implies, and that is well by now. Or, where
 * the text speaks of nothing, what it shows to fail.
 */
function behindThem(candidates: readonly Candidate[], found: Found, checks: readonly Check[]): Named[] {
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
  for (const check of checks.filter(({ id }) => areaOf(id) === 'container' && !reached.has(id))) {
    if (found.get(check.id)?.status === 'fail')
      named.push({ check, candidate: undefined, share: OF_THE_NAMED, confidence: 'confirmed' })
  }
  if (candidates.length > 0) return named
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
  const also = (isFound ? (result.findings ?? []) : [])
    .slice(1)
    .filter(({ level }) => level === result?.status)
    .map(({ message }) => message)
  const asked = isFound ? undefined : askedFor(candidate)
  const ask = candidate?.seen.find(({ symptom }) => symptom.ask)?.symptom.ask
  const text = (candidate?.seen ?? [])
    .slice(0, 2)
    .map(({ excerpt }) => ({ source: 'text', state: 'ok' as const, excerpt }))
  return {
    check: check.id,
    ...(finding ? { finding } : {}),
    confidence,
    ...(asked ? { ofCommand: true } : {}),
    title: check.title,
    message: isFound ? result.message : (asked ?? check.why),
    ...(also.length > 0 ? { also } : {}),
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

/** What only words suggested is no answer by itself. */
function ruledOutOf(candidates: readonly Candidate[], found: Found, causes: readonly Cause[]): RuledOut[] {
  if (causes.length === 0 && candidates.every(({ seen }) => seen.length === 0)) return []
  return candidates.flatMap(({ check }) => {
    const result = found.get(check.id)
    if (!result || !isWell(result) || causes.some((cause) => cause.check === check.id)) return []
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
