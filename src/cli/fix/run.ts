/** Carries out `seaworthy fix`. */
import { planLines } from '../../../reports/fix/plan.ts'
import type { Pen } from '../../../reports/pen.ts'
import { penFor } from '../../../reports/pen.ts'
import { rulerFor } from '../../../reports/ruler.ts'
import { EXIT } from '../exit-code.ts'
import { print } from '../print.ts'
import { lookOf } from '../terminal.ts'
import { type FixArguments, type FixOptions, optionsOf, runNamed, taskOf } from './arguments.ts'
import { type Examination, examineHost } from './examination.ts'

/** Gives the exit status: 0 where nothing is left to be mended. */
export async function runFix(args: FixArguments): Promise<number> {
  const task = taskOf(args)
  const options = optionsOf(args, task)
  if (task === 'undo') return (await import('./undo.ts')).undo(runNamed(args.undo), options)
  if (task === 'apply') return (await import('./apply.ts')).apply(options)
  const examination = await examineHost(options)
  await print(await rendered(examination, options))
  return isWhole(examination) ? EXIT.ready : EXIT.notReady
}

/** Nothing to be done, and nothing fails. */
export const isWhole = ({ plan, report }: Examination): boolean =>
  plan.steps.length === 0 && report.verdict !== 'not-ready'

async function rendered(examination: Examination, options: FixOptions): Promise<string> {
  const { format } = options
  if (format === 'json') return (await import('./json.ts')).planJson(examination)
  const { plan, report, before } = examination
  const about = { host: report.host.hostname, version: report.tool.version, at: report.startedAt, before }
  if (format === 'shell') return (await import('../../fix/script.ts')).scriptOf(plan, about)
  if (format === 'ansible') return (await import('../../fix/ansible.ts')).playbookOf(plan, about)
  return planText(examination, await penOf(examination, options))
}

export async function penOf(shown: unknown, { color }: Pick<FixOptions, 'color'>): Promise<Pen> {
  const look = lookOf(process.stdout, process.env, { color, detail: 'normal' })
  return penFor(look, await rulerFor(JSON.stringify(shown)))
}

function planText({ plan, interruption, before }: Examination, pen: Pen): string {
  const sections = planLines({ plan, interruption, before }, pen)
  const disruptive = plan.fixes.some(({ needs }) => needs === 'disruptive')
  const next =
    plan.steps.length > 0
      ? pen.lines(`To carry it out: sudo seaworthy fix --apply${disruptive ? ' --allow disruptive' : ''}`)
      : [sections.length > 0 ? 'Nothing here can be done without you.' : 'Nothing is to be mended.']
  return `${[...sections, next].map((lines) => lines.join('\n')).join('\n\n')}\n`
}
