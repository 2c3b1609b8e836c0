/** Carries out `seaworthy fix`. */
import { nothingToDo, planLines } from '../../../reports/fix/plan.ts'
import type { Pen } from '../../../reports/pen.ts'
import { EXIT } from '../exit-code.ts'
import { note, print } from '../print.ts'
import { type FixArguments, type FixOptions, optionsOf, runNamed, taskOf } from './arguments.ts'
import { type Examination, examineHost, isWhole } from './examination.ts'
import { cutOffInWords, penOf } from './view.ts'

/** Gives the exit status: 0 where nothing is left to be mended. */
export async function runFix(args: FixArguments): Promise<number> {
  const task = taskOf(args)
  const options = optionsOf(args, task)
  if (task === 'undo') return (await import('./undo.ts')).undo(runNamed(args.undo), options)
  if (task === 'apply') return (await import('./apply.ts')).apply(options)
  await tellOfCutOff(options)
  const examination = await examineHost(options)
  await print(await rendered(examination, options))
  return isWhole(examination) ? EXIT.ready : EXIT.notReady
}

/** Only root may look where runs are kept. */
async function tellOfCutOff({ snapshot, root }: FixOptions): Promise<void> {
  if (process.getuid?.() !== 0 || snapshot !== undefined || root !== undefined) return
  const { STATE_FOLDER } = await import('../../fix/apply/journal.ts')
  const { cutOffRun } = await import('../../fix/apply/runs.ts')
  const cutOff = await cutOffRun(STATE_FOLDER)
  if (cutOff) note(`${cutOffInWords(cutOff)}; take it back: seaworthy fix --undo ${cutOff.run}`)
}

async function rendered(examination: Examination, options: FixOptions): Promise<string> {
  const { format } = options
  if (format === 'json') return (await import('./json.ts')).planJson(examination)
  const { plan, report, before } = examination
  const about = { host: report.host.hostname, version: report.tool.version, at: report.startedAt, before }
  if (format === 'shell') return (await import('../../fix/script.ts')).scriptOf(plan, about)
  if (format === 'ansible') return (await import('../../fix/ansible.ts')).playbookOf(plan, about)
  return planText(examination, await penOf(examination, options))
}

function planText({ plan, interruption, before }: Examination, pen: Pen): string {
  const sections = planLines({ plan, interruption, before }, pen)
  const disruptive = plan.fixes.some(({ needs }) => needs === 'disruptive')
  const next =
    plan.steps.length > 0
      ? pen.lines(`To carry it out: sudo seaworthy fix --apply${disruptive ? ' --allow disruptive' : ''}`)
      : [nothingToDo(plan)]
  return `${[...sections, next].map((lines) => lines.join('\n')).join('\n\n')}\n`
}
