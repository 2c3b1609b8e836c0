/** Carries a plan out as a run that is on record. */

import { InputError } from '../../model/errors.ts'
import type { Plan } from '../plan.ts'
import { type CarriedOut, type CarryOut, carryOut } from './carry-out.ts'
import { beginRun, forgetRun, type Journal } from './journal.ts'
import { wordsOf } from './refused.ts'

export interface Applied {
  /** The run's name, by which it is taken back; null where nothing was left to do. */
  readonly run: string | null
  readonly result: CarriedOut
}

export async function applyPlan(
  { steps, fixes }: Plan,
  options: Omit<CarryOut, 'journal'> & { readonly version: string },
): Promise<Applied> {
  const { state, version } = options
  const findings = fixes.map(({ finding }) => finding)
  const journal = await begun(state, version, findings)
  const { run } = journal
  try {
    const result = await carryOut(steps, { ...options, journal })
    const isIdle = result.outcome === 'applied' && !result.changed
    if (isIdle) await forgetRun(state, run)
    return { run: isIdle ? null : run, result }
  } finally {
    await journal.close()
  }
}

/** @throws {InputError} where what is done could not be noted: nothing is touched then */
async function begun(state: string, version: string, findings: readonly string[]): Promise<Journal> {
  let journal: Journal | undefined
  try {
    journal = await beginRun(state, new Date())
    await journal.write({ event: 'begin', at: new Date().toISOString(), version, findings })
    return journal
  } catch (error) {
    await journal?.close()
    if (journal) await forgetRun(state, journal.run).catch(() => undefined)
    throw new InputError(`nothing was touched: ${state} cannot be written: ${wordsOf(error)}`)
  }
}
