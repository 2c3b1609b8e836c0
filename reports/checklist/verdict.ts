/** The verdict, and the one next step. */
import type { Report, Result } from '../../src/model/report.ts'
import { type Pen, STATUS_STYLES } from '../pen.ts'
import { visible } from '../untrusted.ts'
import { count } from '../words.ts'
import { remedyFor } from './unknowns.ts'

type Tone = 'pass' | 'warn' | 'fail' | 'unknown'

export function verdictLines(report: Report, pen: Pen): string[] {
  const tone = toneOf(report)
  return pen
    .lines(sentence(report), { lead: `${pen.mark(tone)} `, style: STATUS_STYLES[tone] })
    .map((line) => pen.paint('bold', line))
}

export function nextLines(report: Report, pen: Pen): string[] {
  const step = nextStep(report)
  return step === null ? [] : pen.lines(step, { lead: '  next: ', leadStyle: 'bold' })
}

function toneOf({ verdict, summary }: Report): Tone {
  if (verdict === 'not-ready') return 'fail'
  if (verdict === 'undetermined') return 'unknown'
  return summary.warn > 0 ? 'warn' : 'pass'
}

function sentence(report: Report): string {
  const { verdict, summary } = report
  const causes = report.results.filter(({ id, status }) => status === 'fail' && report.causes.includes(id))
  const warnings = summary.warn > 0 ? [count(summary.warn, 'warning')] : []
  const unknown = summary.unknown > 0 ? [`${count(summary.unknown, 'check')} could not tell`] : []
  if (verdict === 'not-ready') {
    const follow = summary.fail - causes.length
    const follows = follow > 0 ? [`${count(follow, 'further failure')} explained by it`] : []
    const many = causes.length > 1 ? follows.map((text) => text.replace(/it$/, 'them')) : follows
    return `not ready: ${[count(causes.length, 'cause'), ...many, ...warnings, ...unknown].join(', ')}`
  }
  if (verdict === 'undetermined') {
    return `undetermined: nothing fails, but ${[...unknown, ...warnings].join(', ')}`
  }
  const skipped = summary.skip > 0 ? [`${summary.skip} skipped`] : []
  const passed = `${count(summary.pass, 'check')} passed`
  return `ready to carry containers: ${[passed, ...warnings, ...unknown, ...skipped].join(', ')}`
}

function nextStep(report: Report): string | null {
  const [first] = report.causes
  const cause = report.results.find(({ id }) => id === first)
  if (report.verdict === 'undetermined') return towardsCertainty(report)
  if (!cause) return null
  return cure(cause, report)
}

function cure({ id, status, fix }: Result, report: Report): string {
  const name = visible(id)
  if (!fix) return `seaworthy explain ${name}`
  if (!hasCommands(fix.shell)) return `${visible(fix.summary).replace(/\.$/, '')}, then run seaworthy again`
  const ordinary = report.host.collectedAs !== null && report.host.collectedAs.uid !== 0
  const where = ordinary ? ' in a root shell (sudo -i)' : ''
  return status === 'fail'
    ? `paste the fix for ${name} above${where}, then run seaworthy again`
    : `nothing must be done; to clear the first warning, paste the fix for ${name} above${where}`
}

const hasCommands = (shell: string): boolean => shell.split('\n').some((line) => /^[^#]/.test(line))

function towardsCertainty(report: Report): string | null {
  const unknown = report.results.filter(({ status }) => status === 'unknown')
  const remedies = unknown.map((result) => remedyFor(result, report))
  const profile = report.profile === 'docker' ? '' : ` --profile ${visible(report.profile)}`
  if (report.host.reached === 'live' && remedies.includes('sudo')) return `sudo seaworthy${profile}`
  if (report.host.reached === 'live' && remedies.includes('time')) return `seaworthy${profile} --timeout 120`
  const [first] = unknown
  return first ? `seaworthy explain ${visible(first.id)}` : null
}
