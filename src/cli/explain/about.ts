/** All that a check says of itself: the page of `seaworthy explain ID` and of docs/checks, as data. */
import type { Datasets } from '../../data/schemas.ts'
import { planOf } from '../../engine/plan.ts'
import { areaOf, type Check, type Level } from '../../model/check.ts'
import { symptomText } from '../../model/symptom.ts'
import { findingsOf } from '../list.ts'
import { type Example, examplesOf } from './examples.ts'
import { aboutTable, type TableAbout, tablesOf } from './tables.ts'

export interface FindingAbout {
  readonly id: string
  readonly level: Level
  readonly message: string
  readonly fixable: boolean
  /** Why there is no fix. */
  readonly unfixable?: string
  readonly example?: Example
}

export interface About {
  readonly id: string
  readonly area: string
  readonly title: string
  readonly why: string
  readonly profiles: readonly string[]
  readonly needsRoot: boolean
  readonly reads: readonly string[]
  /** The tables that it judges by. */
  readonly data: readonly TableAbout[]
  readonly findings: readonly FindingAbout[]
  readonly causedBy: readonly string[]
  readonly explains: readonly string[]
  /** Regular expressions, as text. */
  readonly symptoms: readonly string[]
}

export async function about(check: Check, all: readonly Check[], data: Datasets): Promise<About> {
  const { sources, later } = await planOf([check])
  const own = ({ wantedBy }: { readonly wantedBy: readonly string[] }): boolean => wantedBy.includes(check.id)
  return {
    id: check.id,
    area: areaOf(check.id),
    title: check.title,
    why: check.why,
    profiles: check.profiles,
    needsRoot: check.needsRoot ?? false,
    reads: [
      ...sources.filter(own).map(({ source }) => source),
      ...later.filter(own).map(({ reading }) => reading),
    ],
    data: tablesOf(check.needs).map((table) => aboutTable(table, data)),
    findings: findingsAbout(check),
    causedBy: causesOf(check),
    explains: all
      .filter((other) => causesOf(other).some((cause) => cause.split('#')[0] === check.id))
      .map(({ id }) => id),
    symptoms: check.symptoms.map(symptomText),
  }
}

function findingsAbout(check: Check): FindingAbout[] {
  const examples = examplesOf(check.id)
  return findingsOf(check).map((finding) => {
    const unfixable = check.unfixable[finding.id]
    const example = examples.find(({ finding: id }) => id === finding.id)
    return { ...finding, ...(unfixable ? { unfixable } : {}), ...(example ? { example } : {}) }
  })
}

const causesOf = ({ causedBy, findings }: Check): readonly string[] => [
  ...new Set([...causedBy, ...Object.values(findings).flatMap((finding) => finding.causedBy ?? [])]),
]
