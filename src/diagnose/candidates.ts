/** Which checks a text speaks of, and how strongly. */
import type { Check, CheckId } from '../model/check.ts'
import type { Symptom } from '../model/symptom.ts'
import type { Paste } from './paste/blocks.ts'
import { isIn, seen } from './sight.ts'

/** A symptom that the text shows. */
export interface Seen {
  readonly symptom: Symptom
  /** The part of the text that shows it. */
  readonly excerpt: string
}

export interface Candidate {
  readonly check: Check
  /** Strongest first. */
  readonly seen: readonly [Seen, ...Seen[]]
  /** How likely it is, by the text alone: 0 to 1. */
  readonly share: number
}

/** The text implies the cause. */
export const LIKELY = 0.6

/** Every check that the text speaks of, the likeliest first; of two that it implies, the cause before what follows from it. */
export function candidatesIn(paste: Paste, checks: readonly Check[]): Candidate[] {
  const found = checks
    .flatMap((check): Candidate[] => {
      const [first, ...others] = symptomsSeen(check, paste)
      return first ? [{ check, seen: [first, ...others], share: together([first, ...others]) }] : []
    })
    .sort((a, b) => b.share - a.share)
  return causesFirst(found)
}

function symptomsSeen(check: Check, paste: Paste): Seen[] {
  const all = check.symptoms.flatMap((symptom): Seen[] => {
    if (symptom.unless && isIn(symptom.unless, paste.text)) return []
    for (const sight of symptom.sights) {
      const excerpt = seen(sight, paste)
      if (excerpt !== null) return [{ symptom, excerpt }]
    }
    return []
  })
  return all.sort((a, b) => b.symptom.share - a.symptom.share)
}

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
  [
    ...consequence.causedBy,
    ...Object.values(consequence.findings).flatMap(({ causedBy }) => causedBy ?? []),
  ].some((one) => one.split('#')[0] === cause)
