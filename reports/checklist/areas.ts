/** A line per area; with `--verbose` a line per check. */
import type { Report, Result, Status } from '../../src/model/report.ts'
import { type Pen, STATUS_STYLES } from '../pen.ts'
import { visible } from '../untrusted.ts'
import { count } from '../words.ts'

/** Worst first. */
const ORDER: readonly Status[] = ['fail', 'warn', 'unknown', 'pass', 'waived', 'skip']

const COUNTED: Readonly<Record<Status, (number: number) => string>> = {
  fail: (number) => `${number} failed`,
  warn: (number) => count(number, 'warning'),
  unknown: (number) => `${number} could not tell`,
  pass: (number) => `${number} passed`,
  waived: (number) => `${number} waived`,
  skip: (number) => `${number} skipped`,
}

export function areaLines({ results }: Report, pen: Pen): string[] {
  const areas = new Map<string, Result[]>()
  for (const result of results) {
    const area = visible(result.area)
    areas.set(area, [...(areas.get(area) ?? []), result])
  }
  const widest = Math.max(0, ...[...areas.keys()].map(pen.width))
  return [...areas].flatMap(([area, members]) => [
    ...areaLine(pen.pad(area, widest), members, pen),
    ...(pen.look.detail === 'verbose' ? checkLines(members, pen) : []),
  ])
}

function areaLine(area: string, members: readonly Result[], pen: Pen): string[] {
  const present = ORDER.filter((status) => members.some((result) => result.status === status))
  const worst = present[0] ?? 'skip'
  const text = present
    .map((status) => COUNTED[status](members.filter((result) => result.status === status).length))
    .join(', ')
  const quiet = worst === 'pass' || worst === 'skip' || worst === 'waived'
  return pen.lines(text, {
    lead: `${pen.mark(worst)} ${area}  `,
    leadStyle: STATUS_STYLES[worst],
    ...(quiet ? {} : { style: STATUS_STYLES[worst] }),
  })
}

function checkLines(members: readonly Result[], pen: Pen): string[] {
  const widest = Math.max(...members.map(({ id }) => pen.width(visible(id))))
  return members.flatMap(({ id, status, message }) =>
    pen.lines(visible(message), {
      lead: `  ${pen.mark(status)} ${pen.pad(visible(id), widest)}  `,
      leadStyle: STATUS_STYLES[status],
    }),
  )
}
