/** Renders the fixes of a report as shell, in the order in which a person would paste them: causes first. */
import { type ContentBefore, type Drafts, toShell } from '../fix/shell.ts'
import type { Fix } from '../model/fix.ts'
import type { FixReport, Result } from '../model/report.ts'

/** @param before the content of files as they were read */
export function renderFixes(
  results: readonly Result[],
  causes: readonly string[],
  before: ContentBefore,
): Result[] {
  const drafts: Drafts = new Map()
  const rendered = new Map<string, Result>()
  const place = ({ id }: Result): number => (causes.includes(id) ? causes.indexOf(id) : causes.length)
  for (const result of results.toSorted((a, b) => place(a) - place(b))) {
    rendered.set(result.id, withShell(result, before, drafts))
  }
  return results.map((result) => rendered.get(result.id) ?? result)
}

/** The first of several findings is the result's own, and has the same fix. */
function withShell(result: Result, before: ContentBefore, drafts: Drafts): Result {
  const shellOf = (fix: FixReport): FixReport => ({
    ...fix,
    shell: toShell(fix as unknown as Fix, before, drafts),
  })
  if (!result.findings) return result.fix ? { ...result, fix: shellOf(result.fix) } : result
  const findings = result.findings.map((one) => (one.fix ? { ...one, fix: shellOf(one.fix) } : one))
  const fix = findings[0]?.fix
  return { ...result, findings, ...(fix ? { fix } : {}) }
}
