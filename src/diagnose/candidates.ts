/** Which checks a text speaks of, and how strongly. */
import { causesNamed } from '../engine/explain.ts'
import type { Check, CheckId } from '../model/check.ts'
import type { Sight, Symptom } from '../model/symptom.ts'
import type { Paste } from './paste/blocks.ts'
import type { Heard } from './paste/heard.ts'
import { isIn, seen } from './sight.ts'
import { markOf, spokenOf, wordsOf } from './vocabulary.ts'
import { COMPLAINT, FIELD } from './words.ts'

/** A symptom that the text shows. */
export interface Seen {
  readonly symptom: Symptom
  /** The part of the text that shows it. */
  readonly excerpt: string
}

export interface Candidate {
  readonly check: Check
  /** Strongest first; none where only its words speak of the check. */
  readonly seen: readonly Seen[]
  /** How likely it is, by the text alone: 0 to 1. */
  readonly share: number
  /** The text implies it: a symptom says so, and its words do not speak for another check. */
  readonly isImplied: boolean
  /** Its place among all: by what the text shows and by its words together. */
  readonly strength: number
}

/** From here on a symptom implies the cause; many that merely allow it are not enough. */
export const LIKELY = 0.6
/** Words that speak five times as much for another check contradict a symptom. Measured: see bench/README.md. */
const LEAST_AGREEMENT = 0.2

/** Of the words alone: how many are worth a look, and the share of the first, below which nothing is known: more where the text speaks of nothing that a host has. */
const SPOKEN = { most: 4, least: 0.005, first: 0.06, ofAnotherField: 0.45 } as const
/** Words alone imply nothing. */
const HALF = 0.5

/** Every check that the text speaks of, the likeliest first; of two that it implies, the cause before what follows from it. */
export function candidatesIn({ paste, words }: Heard, checks: readonly Check[]): Candidate[] {
  const looked = lookedFor(checks, paste)
  const spoken = new Map(spokenOf(words, marksOf(looked)))
  for (const { check, seen } of looked)
    if (seen.length === 0 && isContradicted(check, paste)) spoken.delete(check.id)
  const loudest = Math.max(0, ...spoken.values())
  const shown = looked
    .filter(({ seen }) => seen.length > 0)
    .map(({ check, seen }) => candidateOf(check, seen, spoken.get(check.id) ?? 0, loudest))
  return causesFirst(
    [...shown, ...told(checks, spoken, loudest, shown, paste.text)].sort((a, b) => b.strength - a.strength),
  )
}

interface Looked {
  readonly check: Check
  readonly seen: readonly Seen[]
}

const lookedFor = (checks: readonly Check[], paste: Paste): Looked[] =>
  checks.map((check) => ({ check, seen: symptomsSeen(check, paste) }))

/** What the text shows, as the words know it. */
const marksOf = (looked: readonly Looked[]): Set<string> =>
  new Set(looked.flatMap(({ check, seen }) => seen.map(({ symptom }) => markOf(check.id, symptom.share))))

/** What there is to learn from a text: its words, and what it shows of the checks. */
export const heardIn = (
  paste: Paste,
  checks: readonly Check[],
): { words: Set<string>; marks: Set<string> } => ({
  words: wordsOf(paste.text),
  marks: marksOf(lookedFor(checks, paste)),
})

/** What the words speak of most, beside what the text shows. */
function told(
  checks: readonly Check[],
  spoken: ReadonlyMap<string, number>,
  loudest: number,
  shown: readonly Candidate[],
  text: string,
): Candidate[] {
  if (shown.length === 0 && loudest < (isIn(FIELD, text) ? SPOKEN.first : SPOKEN.ofAnotherField)) return []
  const known = new Set(shown.map(({ check }) => check))
  return checks
    .map((check) => ({ check, share: spoken.get(check.id) ?? 0 }))
    .sort((a, b) => b.share - a.share)
    .slice(0, SPOKEN.most)
    .filter(({ check, share }) => share >= SPOKEN.least && !known.has(check))
    .map(({ check, share }) => candidateOf(check, [], share, loudest))
}

/** How much what the text shows counts beside the words, which know of it; and what keeps a word that is not known from deciding. Measured: see bench/README.md. */
const WEIGHT = 0.8
const FLOOR = 0.001

function candidateOf(check: Check, seen: readonly Seen[], spoken: number, loudest: number): Candidate {
  const share = seen.length > 0 ? together(seen) : spoken * HALF
  const shown = seen.length > 0 ? -Math.log(1 - share) : 0
  const agrees = ({ isPlain, ofCommand }: Symptom): boolean =>
    isPlain === true || ofCommand !== undefined || spoken >= LEAST_AGREEMENT * loudest
  const isImplied = seen.some(({ symptom }) => symptom.share >= LIKELY && agrees(symptom))
  return { check, seen, share, isImplied, strength: WEIGHT * shown + Math.log(spoken + FLOOR) }
}

function symptomsSeen(check: Check, paste: Paste): Seen[] {
  const all = check.symptoms.flatMap((symptom): Seen[] => {
    if (symptom.unless && isIn(symptom.unless, paste.text)) return []
    for (const sight of symptom.sights) {
      const excerpt = seen(sight, paste)
      if (excerpt !== null) return [{ symptom: weakened(symptom, sight, paste), excerpt }]
    }
    return []
  })
  return all.sort((a, b) => b.symptom.share - a.symptom.share)
}

/** The text says of what it would show for a check why that is another's. */
const isContradicted = (check: Check, paste: Paste): boolean =>
  check.symptoms.some(
    ({ unless, sights }) =>
      unless && isIn(unless, paste.text) && sights.some((sight) => seen(sight, paste) !== null),
  )

/** What is common, or a person's own words, where nothing complains: it implies nothing. */
const weakened = (symptom: Symptom, sight: Sight, { text }: Paste): Symptom =>
  (symptom.isCommon || sight.in === 'prose') && !isIn(COMPLAINT, text)
    ? { ...symptom, share: Math.min(symptom.share, HALF) }
    : symptom

const CERTAIN = 0.99

/** Each symptom that is seen leaves less room for another cause. */
const together = (all: readonly Seen[]): number =>
  Math.min(CERTAIN, 1 - all.reduce((room, { symptom }) => room * (1 - symptom.share), 1))

/** A cause that the text implies stands before a consequence that it implies, too. */
function causesFirst(sorted: readonly Candidate[]): Candidate[] {
  const ordered: Candidate[] = []
  for (const candidate of sorted) {
    const at = ordered.findIndex(
      (other) => candidate.share >= LIKELY && explains(candidate.check.id, other.check),
    )
    if (at < 0) ordered.push(candidate)
    else ordered.splice(at, 0, candidate)
  }
  return ordered
}

/** Whether a check says that another one may be its cause. */
export const explains = (cause: CheckId, consequence: Check): boolean =>
  causesNamed(consequence).includes(cause)
