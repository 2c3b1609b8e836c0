/** What could not be told, gathered by what would help. */
import type { Evidence, Report, Result } from '../../src/model/report.ts'
import { type Pen, STATUS_STYLES } from '../pen.ts'
import { visible } from '../untrusted.ts'
import { count } from '../words.ts'
import { unexplained } from './consequences.ts'

export type Remedy = 'sudo' | 'time' | 'record' | 'none'

const HELP: Readonly<Record<Exclude<Remedy, 'none'>, string>> = {
  sudo: 'run with sudo',
  time: 'allow more time with --timeout',
  record: 'not recorded of this host',
}

/** What would let an unknown check tell. */
export function remedyFor({ message, evidence }: Result, report: Report): Remedy {
  const states = new Set(
    evidence
      .filter(({ source, state }) => state !== 'ok' && message.includes(source))
      .map(({ state }) => state),
  )
  const has = (state: Evidence['state']): boolean => states.has(state)
  if (has('denied')) return report.host.collectedAs?.uid === 0 ? 'none' : 'sudo'
  if (has('timeout')) return 'time'
  return has('notRecorded') ? 'record' : 'none'
}

export function unknownLines(report: Report, pen: Pen): string[] {
  const unknown = unexplained(report).filter(({ status }) => status === 'unknown')
  if (unknown.length === 0) return []
  const by = (remedy: Remedy): Result[] => unknown.filter((result) => remedyFor(result, report) === remedy)
  return [
    ...pen
      .lines(`${count(unknown.length, 'check')} could not tell`, {
        lead: `${pen.mark('unknown')} `,
        style: STATUS_STYLES.unknown,
      })
      .map((text) => pen.paint('bold', text)),
    ...(['sudo', 'time', 'record'] as const).flatMap((remedy) => helpLines(HELP[remedy], by(remedy), pen)),
    ...by('none').flatMap(({ id, message }) =>
      pen.lines(`${visible(id)}: ${visible(message)}`, { lead: '  ' }),
    ),
  ]
}

function helpLines(help: string, results: readonly Result[], pen: Pen): string[] {
  if (results.length === 0) return []
  if (pen.look.detail !== 'verbose') {
    return pen.lines(results.map(({ id }) => visible(id)).join(', '), { lead: `  ${help}: ` })
  }
  return [
    ...pen.lines(`${help}:`, { lead: '  ' }),
    ...results.flatMap(({ id, message }) =>
      pen.lines(`${visible(id)}: ${visible(message)}`, { lead: '    ' }),
    ),
  ]
}
