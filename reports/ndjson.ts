/** The report as one JSON object per line: the host, then each result, then the summary. For log pipelines and `grep`. */
import type { Report } from '../src/model/report.ts'
import { safeJson } from './untrusted.ts'

export function render({ verdict, durationMs, summary, causes, results, ...about }: Report): string {
  const lines = [
    { type: 'host', ...about },
    ...results.map((result) => ({ type: 'result', ...result })),
    { type: 'summary', verdict, durationMs, summary, causes },
  ]
  return lines.map((line) => `${safeJson(line)}\n`).join('')
}
