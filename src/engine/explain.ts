/** Causes before consequences: which failing check explains which other. */
import type { Cause, Check } from '../model/check.ts'
import type { Result } from '../model/report.ts'

const EXPLAINABLE: ReadonlySet<Result['status']> = new Set(['fail', 'warn', 'unknown'])

/** Fills in `causedBy` with the failing checks that explain each result. */
export function explain(results: readonly Result[], checks: readonly Check[]): Result[] {
  const byId = new Map(results.map((result) => [result.id, result]))
  const declared = new Map(checks.map((check) => [check.id as string, check]))
  const causes = new Map<string, string[]>()
  for (const result of results) {
    const check = declared.get(result.id)
    const found = check
      ? declaredCauses(check, result).flatMap((cause) => explaining(cause, byId, result))
      : []
    const acyclic = [...new Set(found)].filter((id) => !isExplainedBy(id, result.id, causes))
    if (acyclic.length > 0) causes.set(result.id, acyclic)
  }
  return results.map((result) => {
    const causedBy = causes.get(result.id)
    return causedBy ? { ...result, causedBy } : result
  })
}

/** The failing, then the warning checks that no other explains, worst first: what a person should look at. */
export function rootCauses(results: readonly Result[]): string[] {
  const follow = new Map<string, number>()
  for (const id of results.flatMap((result) => result.causedBy ?? []))
    follow.set(id, (follow.get(id) ?? 0) + 1)
  const roots = results.filter(
    ({ status, causedBy }) => (status === 'fail' || status === 'warn') && !causedBy,
  )
  const level = (result: Result): number => (result.status === 'fail' ? 0 : 1)
  return roots
    .map((result, index) => ({ result, index }))
    .sort(
      (a, b) =>
        level(a.result) - level(b.result) ||
        (follow.get(b.result.id) ?? 0) - (follow.get(a.result.id) ?? 0) ||
        a.index - b.index,
    )
    .map(({ result }) => result.id)
}

/** Ids of all checks that one, or a finding of it, names as a cause. */
export const causesNamed = ({ causedBy, findings }: Check): readonly string[] =>
  [...causedBy, ...Object.values(findings).flatMap((finding) => finding.causedBy ?? [])].map(
    (cause) => cause.split('#')[0] ?? '',
  )

function declaredCauses(check: Check, result: Result): readonly Cause[] {
  if (!EXPLAINABLE.has(result.status)) return []
  const own = result.finding ? check.findings[result.finding]?.causedBy : undefined
  return own ?? check.causedBy
}

/** The id of a declared cause, when it is one here. */
function explaining(cause: Cause, byId: ReadonlyMap<string, Result>, result: Result): string[] {
  const [id = '', finding] = cause.split('#')
  const other = byId.get(id)
  const found = [other?.finding, ...(other?.findings ?? []).map((one) => one.finding)]
  return canExplain(other, result) && (finding === undefined || found.includes(finding)) ? [id] : []
}

/** A failure explains anything; a warning explains only warnings. */
function canExplain(cause: Result | undefined, result: Result): boolean {
  if (cause?.status === 'fail') return true
  return cause?.status === 'warn' && result.status === 'warn'
}

function isExplainedBy(id: string, by: string, causes: ReadonlyMap<string, readonly string[]>): boolean {
  return id === by || (causes.get(id) ?? []).some((next) => isExplainedBy(next, by, causes))
}
