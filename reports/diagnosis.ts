/** A diagnosis for people: the cause, what shows it, its fix; what else it may be, and the question that decides; what was ruled out. */
import type { Cause, Confidence, Diagnosis, RuledOut } from '../src/diagnose/diagnosis.ts'
import type { Evidence } from '../src/model/report.ts'
import { fixLines } from './checklist/fix.ts'
import type { Look } from './look.ts'
import { type Pen, penFor, type Style } from './pen.ts'
import { rulerFor } from './ruler.ts'
import { visible, visibleLines } from './untrusted.ts'

const INDENT = '  '
/** What fits on one screen. */
const MOST = { evidence: 3, causes: 3, others: 4, ruledOut: 4 } as const

const MARKS: Readonly<
  Record<Confidence, { readonly status: 'fail' | 'warn' | 'unknown'; readonly style: Style }>
> = {
  confirmed: { status: 'fail', style: 'red' },
  likely: { status: 'warn', style: 'yellow' },
  possible: { status: 'unknown', style: 'cyan' },
}

export async function render(diagnosis: Diagnosis, look: Look): Promise<string> {
  const pen = penFor(look, await rulerFor(JSON.stringify(diagnosis)))
  const { told, rest } = shared(diagnosis, look)
  const sections = [
    aboutLines(diagnosis, pen),
    ...told.map((cause, at) => causeLines(withoutSaid(cause, told.slice(0, at)), diagnosis, pen)),
    othersLines(rest, told.length, pen),
    askLines([...told, ...rest], pen),
    ruledOutLines(diagnosis.ruledOut, pen),
    collectLines(diagnosis, pen),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

const aboutLines = ({ container, peer }: Diagnosis, pen: Pen): string[] =>
  [
    container === undefined
      ? []
      : `taken to be about the container ${visible(container)}; another is named with --container`,
    peer === undefined
      ? []
      : `taken to be about packets to ${visible(peer)}: a connection was tried; not with --offline`,
  ]
    .flat()
    .flatMap((line) => pen.lines(line, { style: 'dim' }))

/** What is told at length: what is confirmed and no consequence, and what is likely; the rest in a line each. */
function shared({ causes }: Diagnosis, { detail }: Look): { told: readonly Cause[]; rest: readonly Cause[] } {
  const sure = causes.filter(
    ({ confidence, causedBy }) =>
      confidence !== 'possible' && (confidence !== 'confirmed' || causedBy.length === 0),
  )
  const isConfirmed = sure[0]?.confidence === 'confirmed'
  const told = sure
    .filter(
      ({ confidence, unspoken }, at) => !isConfirmed || (confidence === 'confirmed' && !(unspoken && at > 0)),
    )
    .slice(0, detail === 'verbose' ? sure.length : MOST.causes)
  const rest = causes.filter((cause) => !told.includes(cause) && cause.causedBy.length === 0)
  return {
    told,
    rest:
      isConfirmed && detail !== 'verbose'
        ? rest.filter(({ confidence, unspoken }) => confidence === 'likely' || unspoken)
        : rest,
  }
}

/** What of the text stands above already is not told again. */
function withoutSaid(cause: Cause, above: readonly Cause[]): Cause {
  const said = new Set(above.flatMap(({ evidence }) => evidence.map(({ excerpt }) => excerpt)))
  return {
    ...cause,
    evidence: cause.evidence.filter(({ source, excerpt }) => source !== 'text' || !said.has(excerpt)),
  }
}

function causeLines(cause: Cause, { causes }: Diagnosis, pen: Pen): string[] {
  const { status, style } = MARKS[cause.confidence]
  const name = cause.finding ? `${cause.check}#${cause.finding}` : cause.check
  const isTold = cause.confidence === 'confirmed' || cause.ofCommand === true
  const headline = isTold ? `${cause.confidence}: ${cause.message}` : `likely not so: ${cause.title}`
  return [
    ...pen
      .lines(visible(headline), { lead: `${pen.mark(status)} `, style })
      .map((line) => pen.paint('bold', line)),
    ...pen.lines(visible(name) + (isTold ? '' : ` · ${visible(cause.message)}`), {
      lead: INDENT,
      style: 'dim',
    }),
    ...(cause.unspoken
      ? pen.lines('the text does not speak of it, but it is wrong here', { lead: INDENT, style: 'dim' })
      : []),
    ...(cause.also ?? []).flatMap((message) =>
      pen.lines(visible(message), { lead: `${INDENT}and: `, style: 'bold' }),
    ),
    ...(cause.open === undefined
      ? []
      : pen.lines(`this host cannot tell: ${visible(cause.open)}`, { lead: INDENT })),
    ...evidenceLines(cause, pen),
    ...followLines(cause, causes, pen),
    ...(cause.fix ? fixLines(cause.fix, cause.check, pen) : nextLines(cause, pen)),
  ]
}

function evidenceLines({ evidence }: Cause, pen: Pen): string[] {
  const shown = pen.look.detail === 'verbose' ? evidence : evidence.filter(isTelling).slice(0, MOST.evidence)
  if (shown.length === 0) return []
  return [...heading('seen', pen), ...shown.flatMap((one) => readingLines(one, pen))]
}

const isTelling = ({ source, state }: Evidence, at: number): boolean =>
  state === 'ok' && (at === 0 || !source.endsWith('/'))

function readingLines({ source, state, excerpt }: Evidence, pen: Pen): string[] {
  const [first = '', ...more] = visibleLines(excerpt)
  const said = state === 'ok' ? first || '(empty)' : `${state}${first ? `: ${first}` : ''}`
  return [
    ...pen.lines(`${visible(source)}: ${said}`, { lead: INDENT.repeat(2) }),
    ...more.flatMap((text) => pen.lines(text, { lead: INDENT.repeat(3) })),
  ]
}

function followLines({ explains }: Cause, causes: readonly Cause[], pen: Pen): string[] {
  if (explains.length === 0) return []
  const follow = causes.filter(({ check }) => explains.includes(check))
  return [
    ...heading('which explains', pen),
    ...follow.flatMap(({ check, message }) =>
      pen.lines(`${visible(check)}: ${visible(message)}`, { lead: INDENT.repeat(2) }),
    ),
  ]
}

/** Where nobody has looked, or nothing cures it; a look tells nothing of what one command asked for. */
const nextLines = ({ check, confidence, ofCommand }: Cause, pen: Pen): string[] =>
  confidence === 'confirmed' || ofCommand || check.startsWith('container/')
    ? []
    : pen.lines(`look on the host: seaworthy ${check}`, { lead: INDENT })

/** Each in a line; fewer where several causes are told at length. */
function othersLines(others: readonly Cause[], told: number, pen: Pen): string[] {
  if (others.length === 0) return []
  const most = told > 1 ? MOST.others / 2 : MOST.others
  const shown = others.slice(0, pen.look.detail === 'verbose' ? others.length : most)
  const heading = others.every(({ unspoken }) => unspoken)
    ? 'also wrong here:'
    : told > 0
      ? 'it may also be:'
      : 'it may be, the likeliest first:'
  return [
    ...pen.lines(heading, { style: 'bold' }),
    ...shown.flatMap(({ check, title, message, confidence, ofCommand }) => {
      const { status, style } = MARKS[confidence]
      const said = confidence === 'confirmed' || ofCommand ? visible(message) : `${visible(title)}?`
      return pen.lines(`${visible(check)}: ${said}`, {
        lead: `${INDENT}${pen.mark(status)} `,
        leadStyle: style,
      })
    }),
  ]
}

/** The one question that decides between what is open. */
function askLines(causes: readonly Cause[], pen: Pen): string[] {
  if (causes[0]?.confidence === 'confirmed') return []
  const ask = causes.find((cause) => cause.ask)?.ask
  return ask ? pen.lines(visible(ask), { lead: 'what decides: ', leadStyle: 'bold' }) : []
}

function ruledOutLines(ruledOut: readonly RuledOut[], pen: Pen): string[] {
  if (ruledOut.length === 0) return []
  const most = pen.look.detail === 'verbose' ? ruledOut.length : MOST.ruledOut
  const left = ruledOut.length - most
  return [
    ...pen.lines('ruled out:', { style: 'dim' }),
    ...ruledOut.slice(0, most).flatMap(({ check, by }) =>
      pen.lines(`${visible(check)}: ${visible(by)}`, {
        lead: `${INDENT}${pen.mark('pass')} `,
        leadStyle: 'green',
      }),
    ),
    ...(left > 0 ? pen.lines(`and ${left} more; --verbose shows them`, { lead: INDENT, style: 'dim' }) : []),
  ]
}

function collectLines({ causes, ruledOut, collect }: Diagnosis, pen: Pen): string[] {
  if (causes.length > 0) return []
  const opening =
    ruledOut.length > 0
      ? 'What the text speaks of is well on this host. Of another host, judge the text alone: --no-host. Else collect:'
      : 'Nothing in the text is known. What would tell more:'
  return [
    ...pen.lines(opening, { lead: `${pen.mark('unknown')} `, style: 'cyan' }),
    ...collect.flatMap((line) => pen.lines(line, { lead: `${INDENT}- ` })),
    ...pen.lines('and on the host itself: seaworthy', { lead: `${INDENT}- ` }),
  ]
}

const heading = (text: string, pen: Pen): string[] => pen.lines(`${text}:`, { lead: INDENT, style: 'dim' })
