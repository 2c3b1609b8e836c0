import type { Report, Result } from '../../src/model/report.ts'

/** Each cause that a person should look at, in the report's order, with every result that follows from it. */
export function causesWithConsequences({ causes, results }: Report): [cause: Result, follow: Result[]][] {
  const byId = new Map(results.map((result) => [result.id, result]))
  const blocks = new Map(causes.flatMap((id) => (byId.has(id) ? [[id, [] as Result[]] as const] : [])))
  for (const result of results) {
    const root = result.causedBy ? rootOf(result, byId) : undefined
    if (root) blocks.get(root)?.push(result)
  }
  return [...blocks].flatMap(([id, follow]) => {
    const cause = byId.get(id)
    return cause ? [[cause, follow] as [Result, Result[]]] : []
  })
}

/** Results that are folded under no cause. */
export function unexplained(report: Report): Result[] {
  const folded = new Set(causesWithConsequences(report).flatMap(([, follow]) => follow))
  return report.results.filter((result) => !folded.has(result))
}

/** A report of someone else's may go round in circles. */
function rootOf(result: Result, byId: ReadonlyMap<string, Result>): string | undefined {
  const seen = new Set<string>()
  let at: Result | undefined = result
  while (at && !seen.has(at.id)) {
    seen.add(at.id)
    const [next]: readonly string[] = at.causedBy ?? []
    if (next === undefined) return at.id
    at = byId.get(next)
  }
  return undefined
}
