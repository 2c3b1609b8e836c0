/** What carrying out a plan came to, and what taking a run back came to, for people. */
import type { Applied } from '../../src/fix/apply/apply.ts'
import type { Undone } from '../../src/fix/apply/runs.ts'
import type { Verified } from '../../src/fix/apply/verify.ts'
import type { Status } from '../../src/model/report.ts'
import { type Pen, STATUS_STYLES } from '../pen.ts'
import { visible, visibleLines } from '../untrusted.ts'

const INDENT = '  '
const WORDS: Readonly<Record<Verified['outcome'], readonly [word: string, as: Status]>> = {
  cured: ['cured', 'pass'],
  notCured: ['not cured', 'fail'],
  pending: ['done; shows at the next login or boot', 'warn'],
  unclear: ['cannot be told', 'unknown'],
  failed: ['failed; taken back', 'fail'],
}
const MOST_EVIDENCE = 2

export const verifiedLines = (verified: readonly Verified[], pen: Pen): string[] =>
  verified.flatMap(({ finding, outcome, message, evidence }) => {
    const [word, status] = WORDS[outcome]
    const seen = outcome === 'notCured' ? evidence.slice(0, MOST_EVIDENCE) : []
    return [
      ...pen.lines(`${visible(finding)}: ${word}`, {
        lead: `${pen.mark(status)} `,
        leadStyle: STATUS_STYLES[status],
      }),
      ...(outcome === 'cured' ? [] : pen.lines(visible(message), { lead: INDENT, style: 'dim' })),
      ...seen.flatMap(({ source, excerpt }) =>
        pen.lines(`${visible(source)}: ${visibleLines(excerpt)[0] ?? ''}`, { lead: INDENT.repeat(2) }),
      ),
    ]
  })

export function appliedLines({ run, result }: Applied, pen: Pen): string[] {
  if (result.outcome === 'applied') {
    return run === null
      ? ['Nothing was left to do.']
      : pen.lines(`To take it back: seaworthy fix --undo ${run}`)
  }
  return [
    ...pen.lines(`It failed: ${visible(result.why)}`, { lead: `${pen.mark('fail')} `, style: 'red' }),
    ...leftLines(result.left, 'What was done before it is taken back.', pen),
  ]
}

export function undoneLines(undone: Undone, pen: Pen): string[] {
  if (undone.outcome === 'undone')
    return leftLines(
      undone.left,
      `Run ${undone.run} is taken back: files and settings are as they were before it.`,
      pen,
    )
  return [
    ...pen.lines(
      `Run ${undone.run} is not taken back, and nothing was touched: what it changed was changed again since.`,
      { lead: `${pen.mark('fail')} `, style: 'red' },
    ),
    ...undone.changed.flatMap(({ what, difference }) => [
      `${INDENT}${visible(what)}`,
      ...visibleLines(difference).map((line) => INDENT.repeat(2) + line),
    ]),
  ]
}

/** @param whole said where nothing is left */
function leftLines(left: readonly string[], whole: string, pen: Pen): string[] {
  if (left.length === 0) return pen.lines(whole, { lead: `${pen.mark('pass')} `, leadStyle: 'green' })
  return [
    ...pen.lines('Taken back, but for this:', { lead: `${pen.mark('warn')} `, style: 'yellow' }),
    ...left.flatMap((one) => pen.lines(visible(one), { lead: `${INDENT}- ` })),
  ]
}
