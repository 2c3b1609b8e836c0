/** A trace for people: the way drawn as a line of hops, then what stops it, why, what was seen, and the cure. */
import type { Hop, HopCause, HopState, TraceReport } from '../src/diagnose/trace/model.ts'
import type { Evidence, Status } from '../src/model/report.ts'
import { fixLines } from './checklist/fix.ts'
import type { Look } from './look.ts'
import { type Pen, penFor, STATUS_STYLES } from './pen.ts'
import { rulerFor } from './ruler.ts'
import { visible, visibleLines } from './untrusted.ts'
import { count } from './words.ts'

/** Hops are marked as results are. */
const STATUSES: Readonly<Record<HopState, Status>> = {
  ok: 'pass',
  warned: 'warn',
  broken: 'fail',
  unseen: 'unknown',
  skipped: 'skip',
}
const MOST_EVIDENCE = 3
const INDENT = '  '
const SIDES = [
  ['in', 'in '],
  ['out', 'out'],
] as const

export async function renderTrace(report: TraceReport, look: Look): Promise<string> {
  const pen = penFor(look, await rulerFor(JSON.stringify(report)))
  const { hops } = report
  const of = (state: HopState): readonly Hop[] => hops.filter((hop) => hop.state === state)
  const sections = [
    headerLines(report, pen),
    SIDES.flatMap(([side, label]) =>
      wayLines(
        label,
        hops.filter((hop) => hop.side === side),
        pen,
      ),
    ),
    look.detail === 'verbose' ? hops.flatMap((hop) => hopLine(hop, pen)) : [],
    ...[...of('broken'), ...of('warned')].map((hop) => troubleLines(hop, pen)),
    unseenLines(of('unseen'), pen),
    verdictLines(report, pen),
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

function headerLines({ container, from, to }: TraceReport, pen: Pen): string[] {
  const { name, address, network, port, published } = container
  const parts = [
    port ? `${name} port ${port}` : name,
    address && network ? `${address} on ${network}` : (network ?? 'without a network'),
    published ? `published as ${published}` : '',
    from ? `from ${from}` : '',
    to ? `to ${to}` : '',
  ].filter((part) => part !== '')
  return pen
    .lines(parts.map(visible).join(' · '))
    .map((line, at) => (at === 0 ? pen.paint('bold', line) : line))
}

/** `in  ✔ running ─ ✔ listening ─ ✖ bridge ─ – attached`: broken only between hops. */
function wayLines(label: string, hops: readonly Hop[], pen: Pen): string[] {
  if (hops.length === 0) return []
  const link = pen.look.unicode ? ' ─ ' : ' - '
  const indent = ' '.repeat(label.length + 2)
  const lines: string[] = []
  let line = `${label}  `
  let width = line.length
  hops.forEach((hop, at) => {
    const text = `${pen.mark(STATUSES[hop.state])} ${hop.id}`
    const before = at === 0 ? '' : link
    if (width + pen.width(before + text) > pen.look.width) {
      lines.push(line)
      line = indent + link.trimStart()
      width = indent.length + link.length - 1
    } else {
      line += pen.paint('dim', before)
      width += before.length
    }
    line += paintHop(hop, text, pen)
    width += pen.width(text)
  })
  return [...lines, line]
}

function paintHop({ state }: Hop, text: string, pen: Pen): string {
  if (state === 'broken') return pen.paint('bold', pen.paint('red', text))
  return pen.paint(state === 'warned' || state === 'unseen' ? STATUS_STYLES[STATUSES[state]] : 'dim', text)
}

const hopLine = ({ id, title, state, message }: Hop, pen: Pen): string[] =>
  pen.lines(visible(message === '' ? title : `${title}: ${message}`), {
    lead: `${pen.mark(STATUSES[state])} ${id.padEnd(10)}  `,
    leadStyle: STATUS_STYLES[STATUSES[state]],
  })

function troubleLines(hop: Hop, pen: Pen): string[] {
  const status = STATUSES[hop.state]
  const { causes = [] } = hop
  return [
    ...pen
      .lines(visible(hop.message), { lead: `${pen.mark(status)} `, style: STATUS_STYLES[status] })
      .map((line) => pen.paint('bold', line)),
    ...pen.lines([hop.id, visible(hop.check), ...(hop.why ? [visible(hop.why)] : [])].join(' · '), {
      lead: INDENT,
      style: 'dim',
    }),
    ...seenLines(hop, pen),
    ...causes.flatMap((cause) => causeLines(cause, pen)),
    // The cause's cure cures this, too.
    ...(causes.some(({ fix }) => fix) ? [] : fixLines(hop.fix, hop.check, pen)),
  ]
}

/** A line that shows what the message names; the JSON of a program or of the engine is for `--format json`. */
const tells = ({ state, source, excerpt }: Evidence, message: string): boolean =>
  state === 'ok' &&
  !/^\s*[[{]/.test(excerpt) &&
  !/^(?:stat |\/proc\/\d+\/)/.test(source) &&
  (source.startsWith('/proc/sys/') ||
    excerpt.split(/\s+/).some((word) => /[\d./-]/.test(word) && message.includes(word)))

function seenLines({ state, message, evidence }: Hop, pen: Pen): string[] {
  const telling = evidence.filter((one) => tells(one, message)).slice(0, MOST_EVIDENCE)
  if (state !== 'broken' || telling.length === 0) return []
  return [
    ...pen.lines('seen:', { lead: INDENT, style: 'dim' }),
    ...telling.flatMap(({ source, excerpt }) => {
      const [first = '', ...more] = visibleLines(excerpt)
      return [
        ...pen.lines(`${visible(source)}: ${first}`, { lead: INDENT.repeat(2) }),
        ...more.flatMap((line) => pen.lines(line, { lead: INDENT.repeat(3) })),
      ]
    }),
  ]
}

const causeLines = ({ check, message, fix }: HopCause, pen: Pen): string[] => [
  ...pen.lines(`${visible(check)}: ${visible(message)}`, { lead: `${INDENT}because `, leadStyle: 'bold' }),
  ...(fix ? fixLines(fix, check, pen) : []),
]

function unseenLines(hops: readonly Hop[], pen: Pen): string[] {
  if (hops.length === 0) return []
  const denied = hops.filter(isDenied)
  return [
    ...pen
      .lines(`${count(hops.length, 'hop')} could not be seen`, {
        lead: `${pen.mark('unknown')} `,
        style: STATUS_STYLES.unknown,
      })
      .map((line) => pen.paint('bold', line)),
    ...(denied.length > 0
      ? pen.lines(denied.map(({ id }) => id).join(', '), { lead: `${INDENT}run with sudo: ` })
      : []),
    ...hops
      .filter((hop) => !denied.includes(hop))
      .flatMap(({ id, message }) => pen.lines(`${id}: ${visible(message)}`, { lead: INDENT })),
  ]
}

/** What could not be seen for want of rights, and would be as root. */
const isDenied = ({ evidence }: Hop): boolean => evidence.some(({ state }) => state === 'denied')

function verdictLines(report: TraceReport, pen: Pen): string[] {
  const status = { whole: 'pass', broken: 'fail', undetermined: 'unknown' } as const
  const tone = status[report.verdict]
  return pen
    .lines(visible(sentence(report)), { lead: `${pen.mark(tone)} `, style: STATUS_STYLES[tone] })
    .map((line) => pen.paint('bold', line))
}

function sentence({ verdict, broken, hops, from, passive }: TraceReport): string {
  const warned = hops.filter(({ state }) => state === 'warned').length
  const held = hops.filter(({ state }) => state === 'ok').length + warned
  if (verdict === 'broken') {
    const behind = hops.length - 1 - hops.findIndex(({ id }) => id === broken)
    const rest = behind > 0 ? `; what comes behind it (${count(behind, 'hop')}) was not looked at` : ''
    return `broken at ${broken}${rest}`
  }
  if (verdict === 'undetermined')
    return 'undetermined: nothing that was seen stops packets, and not all could be seen'
  const how = passive ? ', by what can be read: nothing was sent' : ''
  const warnings = warned > 0 ? `, ${warned} with a warning` : ''
  const isLetIn = hops.some(({ id, state }) => id === 'filter-in' && state === 'ok')
  const still =
    from && isLetIn
      ? `; nothing on this host stops what ${from} sends: if it gets no answer, look there, and on the way`
      : ''
  return `the way is whole: ${count(held, 'hop')} ${held === 1 ? 'holds' : 'hold'}${warnings}${how}${still}`
}
