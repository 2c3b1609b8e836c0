/** `fix --apply`: shows the plan, asks, carries it out, and looks again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { appliedLines, undoneLines, verifiedLines } from '../../../reports/fix/outcome.ts'
import { nothingToDo, planLines } from '../../../reports/fix/plan.ts'
import type { Pen } from '../../../reports/pen.ts'
import { type Applied, applyPlan } from '../../fix/apply/apply.ts'
import { changedSinceRead } from '../../fix/apply/as-read.ts'
import { STATE_FOLDER } from '../../fix/apply/journal.ts'
import { lock } from '../../fix/apply/lock.ts'
import { preflight } from '../../fix/apply/preflight.ts'
import { cutOffRun, type PastRun, undoRun } from '../../fix/apply/runs.ts'
import { type Verified, verify } from '../../fix/apply/verify.ts'
import { permissionFor } from '../../fix/automatic.ts'
import { stopsEngine } from '../../fix/interruption.ts'
import { planOf, type Wanted } from '../../fix/plan.ts'
import { InputError, UsageError } from '../../model/errors.ts'
import { EXIT } from '../exit-code.ts'
import { note, print } from '../print.ts'
import { VERSION } from '../version.ts'
import type { FixOptions } from './arguments.ts'
import { agreed, canAsk } from './ask.ts'
import { type Examination, examineBy, examineHost, isWhole } from './examination.ts'
import { appliedJson } from './json.ts'
import { makeStateFolder } from './state-folder.ts'
import { cutOffInWords, penOf } from './view.ts'

export async function apply(options: FixOptions): Promise<number> {
  if (!options.yes && !canAsk())
    throw new UsageError(
      '--apply asks before it changes anything, and there is no terminal to ask on: add --yes',
    )
  await makeStateFolder()
  const unlock = await lock(STATE_FOLDER)
  try {
    const cutOff = await cutOffRun(STATE_FOLDER)
    if (cutOff && !(await takeBackCutOff(cutOff, options))) return EXIT.notReady
    return await mend(options)
  } finally {
    await unlock()
  }
}

/** A run that ended in the middle is taken back first: the plan is then made for a host as it was. */
async function takeBackCutOff(cutOff: PastRun, options: FixOptions): Promise<boolean> {
  note(cutOffInWords(cutOff))
  if (!options.yes && !(await agreed('Take back first what it did?'))) return false
  const undone = await undoRun(STATE_FOLDER, '', cutOff.run)
  const pen = await penOf(undone, options)
  for (const line of undoneLines(undone, pen)) note(line)
  return undone.outcome === 'undone'
}

async function mend(options: FixOptions): Promise<number> {
  const examination = await permitted(options)
  const { plan, interruption, before } = examination
  const pen = await penOf(examination, options)
  const isText = options.format === 'text'
  if (isText) await print(sectionsOf(planLines({ plan, interruption, before }, pen)))
  if (plan.steps.length === 0) {
    await print(isText ? `${nothingToDo(plan)}\n` : appliedJson(examination, NOTHING, []))
    return isWhole(examination) ? EXIT.ready : EXIT.notReady
  }
  if (!options.yes && !(await agreed('Carry this out?'))) {
    note('nothing was touched')
    return EXIT.notReady
  }
  const changed = await changedSinceRead(plan, before)
  if (changed.length > 0)
    throw new InputError(
      `nothing was touched: changed since it was read: ${changed.join(', ')}; run it again`,
    )
  const applied = await carriedOut(examination, pen, isText)
  const verified = await lookAgain(examination, applied, options)
  await print(
    isText
      ? sectionsOf([verifiedLines(verified, pen), appliedLines(applied, pen)])
      : appliedJson(examination, applied, verified),
  )
  return verified.every(({ outcome }) => outcome === 'cured' || outcome === 'pending')
    ? EXIT.ready
    : EXIT.notReady
}

const NOTHING: Applied = { run: null, result: { outcome: 'applied', changed: false } }
const sectionsOf = (sections: readonly (readonly string[])[]): string =>
  sections.map((lines) => `${lines.join('\n')}\n\n`).join('')

/** Only what is safe, unless more is allowed; and only what this host does not refuse outright. */
async function permitted(options: FixOptions): Promise<Examination> {
  const mayApply = ({ fix }: Wanted): boolean =>
    fix === null || options.allowDisruptive || permissionFor(fix) === 'safe'
  const examination = await examineHost(options, mayApply)
  const refused = await preflight(examination.plan)
  const { wanted, interruption } = examination
  const plan = planOf(wanted.filter((one) => mayApply(one) && !refused.has(one.finding)))
  const heldBack = wanted
    .filter((one) => !mayApply(one) && !one.causedBy)
    .map(({ finding, message }) => ({ finding, message, why: 'disruptive: only with --allow disruptive' }))
  const impossible = wanted.flatMap(({ finding, message }) => {
    const why = refused.get(finding)
    return why === undefined ? [] : [{ finding, message, why }]
  })
  return {
    ...examination,
    plan: { ...plan, leftOut: [...heldBack, ...impossible, ...plan.leftOut] },
    interruption: stopsEngine(plan) ? interruption : null,
  }
}

/** Ctrl-C ends it after the deed that is under way, and what was done is taken back. */
async function carriedOut({ plan }: Examination, pen: Pen, isText: boolean): Promise<Applied> {
  const stop = new AbortController()
  const interrupt = (): void => {
    note('interrupted: what was done is taken back')
    stop.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt)
  try {
    return await applyPlan(plan, {
      state: STATE_FOLDER,
      root: '',
      version: VERSION,
      signal: stop.signal,
      onStep: (step, state) => {
        if (!isText || state === 'begun') return
        const at = plan.steps.indexOf(step) + 1
        process.stderr.write(
          `${pen.paint('dim', `step ${at} of ${plan.steps.length}: ${state === 'done' ? 'done' : 'nothing to do'}`)}\n`,
        )
      },
    })
  } finally {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, interrupt)
  }
}

/** Own choice: an engine reads its file again, and starts its containers, a moment after it was told to. */
const PAUSES_MS = [500, 2_000] as const

/** Only the checks of what was mended are asked again. */
async function lookAgain(
  { plan, report, wanted }: Examination,
  { result }: Applied,
  options: FixOptions,
): Promise<Verified[]> {
  if (result.outcome === 'takenBack') {
    return plan.fixes.map(({ finding, message }) => ({ finding, outcome: 'failed', message, evidence: [] }))
  }
  const { catalogue } = await import('../../engine/catalogue.ts')
  const ids = new Set(plan.fixes.map(({ finding }) => finding.split('#')[0]))
  const follow = report.results.filter(({ causedBy = [] }) => causedBy.some((id) => ids.has(id)))
  for (const { id } of follow) ids.add(id)
  const checks = catalogue.filter(({ id }) => ids.has(id))
  const look = async () => verify(plan.fixes, wanted, (await examineBy(checks, options)).report)
  let verified = await look()
  for (const pause of PAUSES_MS) {
    if (verified.every(({ outcome }) => outcome === 'cured' || outcome === 'pending')) break
    await sleep(pause)
    verified = await look()
  }
  return verified
}
