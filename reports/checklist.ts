/**
 * The report for people: what was examined, a line per area, each cause with what follows from it and its fix,
 * what could not be told, the verdict and the one next step.
 */
import type { Report } from '../src/model/report.ts'
import { areaLines } from './checklist/areas.ts'
import { causeLines, quietCauseLines } from './checklist/causes.ts'
import { headerLines } from './checklist/header.ts'
import { kernelOptionLines } from './checklist/kernel-options.ts'
import { unknownLines } from './checklist/unknowns.ts'
import { nextLines, verdictLines } from './checklist/verdict.ts'
import type { Look } from './look.ts'
import { penFor } from './pen.ts'
import { rulerFor } from './ruler.ts'

export async function render(report: Report, look: Look): Promise<string> {
  const pen = penFor(look, await rulerFor(JSON.stringify(report)))
  const sections =
    look.detail === 'quiet'
      ? [[...quietCauseLines(report, pen), ...verdictLines(report, pen)]]
      : [
          headerLines(report, pen),
          kernelOptionLines(report, pen),
          areaLines(report, pen),
          ...causeLines(report, pen),
          unknownLines(report, pen),
          [...verdictLines(report, pen), ...nextLines(report, pen)],
        ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}
