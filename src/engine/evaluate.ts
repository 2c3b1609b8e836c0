/** Asks one check, and turns what it says (or its crash) into a result. */

import { areaOf, type Check, type Found, type Outcome, reporterFor } from '../model/check.ts'
import type { Unreadable } from '../model/fact.ts'
import type { Fix } from '../model/fix.ts'
import type { FixReport, Result } from '../model/report.ts'
import { evidenceFor, evidenceForPass } from './evidence.ts'
import { type FactStore, keysOf } from './facts.ts'
import { OFFLINE, type Reader } from './reader.ts'

/** What would make a reading possible. */
const REMEDIES: Readonly<Record<Unreadable['state'], string>> = {
  denied: 'run it as root (sudo)',
  timeout: '',
  absent: 'it does not exist here',
  failed: '',
  notRecorded: '',
}

export async function evaluate(check: Check, facts: FactStore, reader: Reader): Promise<Result> {
  const started = performance.now()
  const { values, why, grounds } = await facts.needs(check.needs)
  const outcome = why ? undecided(why) : ask(check, values)
  const worst = first(outcome)
  const named = 'slots' in worst ? worst.slots : {}
  return {
    id: check.id,
    area: areaOf(check.id),
    title: check.title,
    ...said(check, outcome, worst),
    evidence: holds(worst)
      ? evidenceForPass(keysOf(grounds), reader.ended)
      : evidenceFor(keysOf(grounds), reader.ended, named),
    docs: `seaworthy explain ${check.id}`,
    durationMs: Math.round((performance.now() - started) * 10) / 10,
  }
}

const holds = ({ status }: One): boolean => status === 'pass' || status === 'skip'

type One = Exclude<Outcome, readonly unknown[]>

const isMany = (outcome: Outcome): outcome is readonly [Found, ...Found[]] => Array.isArray(outcome)
const first = (outcome: Outcome): One => (isMany(outcome) ? outcome[0] : outcome)

function ask(check: Check, values: Record<string, unknown>): Outcome {
  try {
    const outcome = check.evaluate(values as never, reporterFor(check.findings))
    const worst = first(outcome)
    return worst.status === 'unknown' && 'why' in worst && worst.why ? undecided(worst.why) : outcome
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { status: 'unknown', message: `the check itself failed: ${reason}` }
  }
}

/** What a check says that would have to ask the network. */
export const NOT_ASKED = 'needs the network, which --offline rules out'

function undecided(why: Unreadable): Outcome {
  if (why.reason === OFFLINE) return { status: 'skip', message: NOT_ASKED }
  const remedy = REMEDIES[why.state]
  return {
    status: 'unknown',
    message: `cannot tell: ${why.source}: ${why.reason}${remedy ? `; ${remedy}` : ''}`,
    why,
  }
}

function said(
  check: Check,
  outcome: Outcome,
  worst: One,
): Pick<Result, 'status' | 'message'> & Partial<Result> {
  if (!('finding' in worst)) {
    return {
      status: worst.status,
      message: worst.message ?? check.title,
      ...('data' in worst && worst.data ? { data: { ...worst.data } } : {}),
    }
  }
  const findings = isMany(outcome) && outcome.length > 1 ? outcome.map(findingReport) : undefined
  return {
    status: worst.status,
    finding: worst.finding,
    message: worst.message,
    why: check.why,
    ...(worst.data ? { data: { ...worst.data } } : {}),
    ...(findings ? { findings } : {}),
    ...(worst.fix ? { fix: fixReport(worst.fix) } : {}),
  }
}

const findingReport = ({ finding, status, message, fix }: Found) => ({
  finding,
  level: status,
  message,
  ...(fix ? { fix: fixReport(fix) } : {}),
})

/** Its shell is rendered when all fixes are known, for several may touch one file. */
const fixReport = (fix: Fix): FixReport => ({
  summary: fix.summary,
  risk: fix.risk,
  steps: fix.steps.map((step) => ({ ...step })),
  shell: '',
})
