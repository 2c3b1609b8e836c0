/** Each cause: what is wrong, why it matters, what was seen, what follows from it, and the fix. */
import type { Evidence, FindingReport, Report, Result } from '../../src/model/report.ts'
import { type Pen, STATUS_STYLES } from '../pen.ts'
import { visible, visibleLines } from '../untrusted.ts'
import { causesWithConsequences } from './consequences.ts'
import { fixLines } from './fix.ts'

const MOST_EVIDENCE = 3
const INDENT = '  '

/** One section per cause. */
export const causeLines = (report: Report, pen: Pen): string[][] =>
  causesWithConsequences(report).map(([cause, follow]) => [
    ...headline(cause, pen),
    ...whyLines(cause, pen),
    ...evidenceLines(cause, pen),
    ...consequenceLines(follow, pen),
    ...cureLines(cause, pen),
  ])

/** One line per cause. */
export const quietCauseLines = (report: Report, pen: Pen): string[] =>
  causesWithConsequences(report).flatMap(([cause]) => line(cause, '', pen))

const headline = ({ status, message }: Result, pen: Pen): string[] =>
  pen
    .lines(visible(message), { lead: `${pen.mark(status)} `, style: STATUS_STYLES[status] })
    .map((text) => pen.paint('bold', text))

function whyLines({ id, why }: Result, pen: Pen): string[] {
  const text = [visible(id), ...(why ? [visible(why)] : [])].join(' · ')
  return pen.lines(text, { lead: INDENT, style: 'dim' })
}

function evidenceLines({ status, evidence }: Result, pen: Pen): string[] {
  const verbose = pen.look.detail === 'verbose'
  if (status !== 'fail' && !verbose) return []
  const shown = verbose ? evidence : evidence.filter(isTelling).slice(0, MOST_EVIDENCE)
  if (shown.length === 0) return []
  return [...heading('seen', pen), ...shown.flatMap((each) => readingLines(each, pen))]
}

/** The engine puts the most telling reading first; a listing of names is rarely it. */
const isTelling = ({ source, state }: Evidence, at: number): boolean =>
  state === 'ok' && (at === 0 || !source.endsWith('/'))

function readingLines({ source, state, excerpt }: Evidence, pen: Pen): string[] {
  const [first = '', ...more] = visibleLines(excerpt)
  const said = state === 'ok' ? first || '(empty)' : `${state}${first ? `: ${first}` : ''}`
  if (more.length === 0) return pen.lines(`${visible(source)}: ${said}`, { lead: INDENT.repeat(2) })
  return [
    ...pen.lines(`${visible(source)}:`, { lead: INDENT.repeat(2) }),
    ...[said, ...more].flatMap((text) => pen.lines(text, { lead: INDENT.repeat(3) })),
  ]
}

function consequenceLines(follow: readonly Result[], pen: Pen): string[] {
  if (follow.length === 0) return []
  return [
    ...heading('also explained by this', pen),
    ...follow.flatMap((result) => line(result, INDENT.repeat(2), pen)),
  ]
}

const line = ({ id, status, message }: Result, indent: string, pen: Pen): string[] =>
  pen.lines(`${visible(id)}: ${visible(message)}`, {
    lead: `${indent}${pen.mark(status)} `,
    leadStyle: STATUS_STYLES[status],
  })

/** The fix of the finding that stands in the headline, then the further findings with theirs. */
function cureLines(result: Result, pen: Pen): string[] {
  const [first = result, ...more]: readonly Pick<FindingReport, 'fix'>[] = result.findings ?? []
  return [
    ...fixLines(first.fix ?? result.fix, result.id, pen),
    ...(more as FindingReport[]).flatMap((found) => [
      ...pen.lines(visible(found.message), {
        lead: `${INDENT}${pen.mark(found.level)} `,
        style: STATUS_STYLES[found.level],
      }),
      ...fixLines(found.fix, result.id, pen),
    ]),
  ]
}

const heading = (text: string, pen: Pen): string[] => pen.lines(`${text}:`, { lead: INDENT, style: 'dim' })
