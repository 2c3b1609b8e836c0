/** Carries a plan out as a run that is on record. */
import type { Plan } from '../plan.ts'
import { type CarriedOut, type CarryOut, carryOut } from './carry-out.ts'
import { beginRun, forgetRun } from './journal.ts'

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
  const journal = await beginRun(state, new Date())
  const { run } = journal
  try {
    const findings = fixes.map(({ finding }) => finding)
    await journal.write({ event: 'begin', at: new Date().toISOString(), version, findings })
    const result = await carryOut(steps, { ...options, journal })
    const isIdle = result.outcome === 'applied' && !result.changed
    if (isIdle) await forgetRun(state, run)
    return { run: isIdle ? null : run, result }
  } finally {
    await journal.close()
  }
}
