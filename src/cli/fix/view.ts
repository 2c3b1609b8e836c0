/** How things are drawn on the standard output. */
import { type Pen, penFor } from '../../../reports/pen.ts'
import { rulerFor } from '../../../reports/ruler.ts'
import type { PastRun } from '../../fix/apply/runs.ts'
import { lookOf } from '../terminal.ts'
import type { FixOptions } from './arguments.ts'

/** @param shown what will be drawn, which tells how wide its characters can be */
export async function penOf(shown: unknown, { color }: Pick<FixOptions, 'color'>): Promise<Pen> {
  const look = lookOf(process.stdout, process.env, { color, detail: 'normal' })
  return penFor(look, await rulerFor(JSON.stringify(shown)))
}

/** A run that ended in the middle. */
export const cutOffInWords = ({ run, findings, deeds, last }: PastRun): string =>
  `run ${run} (${findings.join(', ')}) ended in the middle, after ${deeds} ${deeds === 1 ? 'deed' : 'deeds'}, the last: ${last || 'none'}`
