/** What a report finds to be mended. */
import type { Check } from '../model/check.ts'
import type { Fix } from '../model/fix.ts'
import type { FindingReport, Report, Result } from '../model/report.ts'
import type { Wanted } from './plan.ts'

/** Every finding of a report, causes first, as the report orders them. */
export function wantedIn({ results, causes }: Report, checks: readonly Check[]): Wanted[] {
  const reasons = new Map<string, Check['unfixable']>(checks.map(({ id, unfixable }) => [id, unfixable]))
  const place = ({ id }: Result): number => (causes.includes(id) ? causes.indexOf(id) : causes.length)
  return results
    .toSorted((a, b) => place(a) - place(b))
    .flatMap((result) => findingsOf(result).map((one) => wantedOf(result, one, reasons.get(result.id) ?? {})))
}

/** A result has one finding, or a list of them, of which the first is its own. */
function findingsOf({ finding, findings, status, message, fix }: Result): readonly FindingReport[] {
  if (findings) return findings
  if (finding === undefined || (status !== 'fail' && status !== 'warn')) return []
  return [{ finding, level: status, message, ...(fix ? { fix } : {}) }]
}

function wantedOf({ id, causedBy }: Result, one: FindingReport, reasons: Check['unfixable']): Wanted {
  const why = reasons[one.finding]
  return {
    finding: `${id}#${one.finding}`,
    level: one.level,
    message: one.message,
    // A report of this very run: its steps are those of the checks.
    fix: (one.fix as unknown as Fix | undefined) ?? null,
    ...(why ? { unfixable: why } : {}),
    ...(causedBy ? { causedBy } : {}),
  }
}
