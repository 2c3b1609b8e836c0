/** What became of each finding once its fix was carried out. */
import type { Evidence, Report, Result } from '../../model/report.ts'
import type { PlannedFix } from '../plan.ts'

export interface Verified {
  readonly finding: string
  /** `pending`: it shows at the next login or boot. `unclear`: the check cannot tell any more. */
  readonly outcome: 'cured' | 'notCured' | 'pending' | 'unclear' | 'failed'
  readonly message: string
  readonly evidence: readonly Evidence[]
}

const LATER: ReadonlySet<PlannedFix['risk']> = new Set(['relogin', 'reboot'])

/** @param after of the checks that the fixes are for */
export const verify = (fixes: readonly PlannedFix[], { results }: Report): Verified[] =>
  fixes.map((fix) => judge(fix, results))

function judge({ finding, message, risk, byHand }: PlannedFix, results: readonly Result[]): Verified {
  const [id, name] = finding.split('#')
  const result = results.find((one) => one.id === id)
  if (!result || result.status === 'unknown')
    return {
      finding,
      outcome: 'unclear',
      message: result?.message ?? message,
      evidence: result?.evidence ?? [],
    }
  const left = (result.findings ?? [result]).find((one) => one.finding === name)
  if (!left) return { finding, outcome: 'cured', message, evidence: [] }
  const isLater = LATER.has(risk) || byHand.some(({ kind }) => kind === 'relogin' || kind === 'reboot')
  return {
    finding,
    outcome: isLater ? 'pending' : 'notCured',
    message: left.message,
    evidence: result.evidence,
  }
}
