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

/**
 * @param fixes what was carried out
 * @param all every finding that was wanted, of which several may have one name
 * @param after what is found now by the checks that they are of
 */
export function verify(
  fixes: readonly PlannedFix[],
  all: readonly Pick<PlannedFix, 'finding'>[],
  { results }: Report,
): Verified[] {
  return fixes.map((fix) => {
    const isOneOfMany = all.filter(({ finding }) => finding === fix.finding).length > 1
    return judge(fix, isOneOfMany, results)
  })
}

/** Findings of one name are told apart by what they say. */
function judge(
  { finding, message, risk, byHand }: PlannedFix,
  isOneOfMany: boolean,
  results: readonly Result[],
): Verified {
  const [id, name] = finding.split('#')
  const result = results.find((one) => one.id === id)
  if (!result || result.status === 'unknown')
    return {
      finding,
      outcome: 'unclear',
      message: result?.message ?? message,
      evidence: result?.evidence ?? [],
    }
  const left = (result.findings ?? [result]).find(
    (one) => one.finding === name && (!isOneOfMany || one.message === message),
  )
  if (!left) return { finding, outcome: 'cured', message, evidence: [] }
  const isLater = LATER.has(risk) || byHand.some(({ kind }) => kind === 'relogin' || kind === 'reboot')
  return {
    finding,
    outcome: isLater ? 'pending' : 'notCured',
    message: left.message,
    evidence: result.evidence,
  }
}
