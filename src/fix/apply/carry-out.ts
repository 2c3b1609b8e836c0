/** Carries a plan out, deed by deed, each announced in the journal before it is done. What goes wrong is taken back with all before it. */
import type { ServiceStep, Step } from '../../model/fix.ts'
import type { PlannedStep } from '../plan.ts'
import type { PathDeed } from './deed.ts'
import { deedsOf } from './deeds.ts'
import { DeedFailed, doDeed } from './do-deed.ts'
import { engineTrouble } from './engine-back.ts'
import { isEngineConfiguration, judgeConfiguration } from './engine-configuration.ts'
import { eventsOf, type Journal } from './journal.ts'
import { sha256 } from './path-state.ts'
import type { Prepared } from './prepared.ts'
import type { Ran } from './program.ts'
import { Refused, wordsOf } from './refused.ts'
import { standing, takeBack } from './take-back.ts'

export interface CarryOut {
  readonly journal: Journal
  /** The folder of all runs. */
  readonly state: string
  /** Where paths begin; empty for the host itself. */
  readonly root: string
  /** Ends it after the deed that is under way; what was done is taken back. */
  readonly signal: AbortSignal
  readonly onStep: (step: PlannedStep, state: 'begun' | 'done' | 'nothing') => void
}

export type CarriedOut =
  | { readonly outcome: 'applied' /** Whether anything was left to do. */; readonly changed: boolean }
  | {
      readonly outcome: 'takenBack'
      readonly step: PlannedStep
      readonly why: string
      /** What could not be taken back. */
      readonly left: readonly string[]
    }

const STARTS: ReadonlySet<ServiceStep['action']> = new Set(['start', 'restart'])
const startsEngine = (step: Step): boolean =>
  step.kind === 'service' && step.name === 'docker' && STARTS.has(step.action)

export async function carryOut(steps: readonly PlannedStep[], options: CarryOut): Promise<CarriedOut> {
  const { journal, signal, onStep } = options
  const goOn = (): void => {
    if (signal.aborted) throw new Refused('interrupted')
  }
  let n = 0
  for (const planned of steps) {
    onStep(planned, 'begun')
    try {
      const prepared = await deedsOf(planned.step, options.root)
      for (const one of prepared) {
        goOn()
        await perform(one, ++n, planned, options)
      }
      const trouble = prepared.length > 0 && startsEngine(planned.step) ? await engineTrouble() : null
      if (trouble !== null) throw new DeedFailed(`the engine does not come back: ${trouble}`)
      // After the last step, too: whoever interrupts is told that it is taken back.
      goOn()
      onStep(planned, prepared.length > 0 ? 'done' : 'nothing')
    } catch (error) {
      const why = wordsOf(error)
      // A full disk may be what went wrong: then nothing can be noted, and all the same be taken back.
      await journal.write({ event: 'failed', n, why }).catch(() => undefined)
      return { outcome: 'takenBack', step: planned, why, left: await backOut(options) }
    }
  }
  await journal.write({ event: 'end', at: new Date().toISOString(), outcome: 'applied' })
  return { outcome: 'applied', changed: n > 0 }
}

async function perform(
  prepared: Prepared,
  n: number,
  { for: findings }: PlannedStep,
  options: CarryOut,
): Promise<void> {
  const { journal } = options
  const { deed, contents, undoOnceDone } = prepared
  const kept = new Map<string, { file: string; content: Uint8Array }>()
  for (const content of contents) kept.set(sha256(content), { file: await journal.keep(content), content })
  if (deed.do === 'path') await judge(deed, kept)
  await journal.write({ event: 'deed', n, deed, finding: findings.join(', ') })
  const content =
    deed.do === 'path' && deed.after.type === 'file' ? (kept.get(deed.after.sha256)?.content ?? null) : null
  const undoing = async (ran?: Ran | null) => (ran && undoOnceDone ? await undoOnceDone(ran) : {})
  try {
    const { ran, changed } = await doDeed(deed, content, options.root)
    await journal.write({ event: 'done', n, ...(await undoing(ran)), ...(changed ? { changed } : {}) })
  } catch (error) {
    // A package manager that gave up may have installed some.
    if (error instanceof DeedFailed && undoOnceDone)
      await journal.write({ event: 'done', n, ...(await undoing(error.ran)) })
    throw error
  }
}

async function judge(
  { path, before, after }: PathDeed,
  kept: ReadonlyMap<string, { file: string; content: Uint8Array }>,
): Promise<void> {
  if (!isEngineConfiguration(path) || after.type !== 'file') return
  const fresh = kept.get(after.sha256)
  const old = before.type === 'file' ? (kept.get(before.sha256) ?? null) : null
  if (fresh) await judgeConfiguration(old, fresh)
}

async function backOut({ journal, state, root }: CarryOut): Promise<readonly string[]> {
  await journal.write({ event: 'takingBack', at: new Date().toISOString() }).catch(() => undefined)
  const { left } = await takeBack(standing(await eventsOf(state, journal.run)), journal, {
    state,
    run: journal.run,
    root,
  })
  await journal
    .write({ event: 'end', at: new Date().toISOString(), outcome: 'takenBack' })
    .catch(() => undefined)
  return left
}
