/** The plan: the steps of several fixes as one list, each target changed once, the engine restarted once. */
import type { Level } from '../model/check.ts'
import { type Fix, isTurn, type Risk, type ServiceStep, type Step } from '../model/fix.ts'
import { carriedOut, type Permission, permissionFor } from './automatic.ts'
import { wishesOf } from './target.ts'

/** A finding, and what would cure it. */
export interface Wanted {
  /** `area/check#finding`. */
  readonly finding: string
  readonly level: Level
  readonly message: string
  readonly fix: Fix | null
  /** Why there is no fix. */
  readonly unfixable?: string
  /** Checks that explain it: cured by their cure. */
  readonly causedBy?: readonly string[]
}

export interface PlannedStep {
  readonly step: Step
  /** Findings that it is for. */
  readonly for: readonly string[]
}
/** What is planned for one finding. */
export interface PlannedFix {
  readonly finding: string
  readonly message: string
  readonly summary: string
  readonly risk: Risk
  /** What carrying it out takes. */
  readonly needs: Permission
  /** What a person does besides, or instead. */
  readonly byHand: readonly Step[]
}
/** A finding that nothing is planned for, and why. */
export interface LeftOut {
  readonly finding: string
  readonly message: string
  readonly why: string
}
/** Two findings that want different things of one target; neither is mended. */
export interface Conflict {
  readonly target: string
  readonly between: readonly [string, string]
}

export interface Plan {
  readonly fixes: readonly PlannedFix[]
  /** In the order in which they are carried out. */
  readonly steps: readonly PlannedStep[]
  readonly manual: readonly PlannedFix[]
  readonly leftOut: readonly LeftOut[]
  readonly conflicts: readonly Conflict[]
}

/** Services whose restart is kept to the end, as it reads all configuration at once. */
const ENGINE = 'docker'

/**
 * A plan for what a report wants mended.
 * @param wanted causes first, as a report orders them
 */
export function planOf(wanted: readonly Wanted[]): Plan {
  const roots = wanted.filter(({ causedBy = [] }) => causedBy.length === 0)
  const fixable = roots.flatMap(({ fix, ...rest }) => (fix ? [{ ...rest, fix, ...carriedOut(fix) }] : []))
  const conflicts = conflictsIn(fixable)
  const refused = new Set(conflicts.flatMap(({ between }) => between))
  const chosen = fixable.filter(({ finding }) => !refused.has(finding))
  const planned = ({ finding, message, fix, byHand }: (typeof fixable)[number]): PlannedFix => ({
    finding,
    message,
    summary: fix.summary,
    risk: fix.risk,
    needs: permissionFor(fix),
    byHand,
  })
  return {
    fixes: chosen.filter(({ steps }) => steps.length > 0).map(planned),
    steps: inOrder(chosen),
    manual: chosen.filter(({ steps }) => steps.length === 0).map(planned),
    leftOut: wanted.flatMap(leftOut),
    conflicts,
  }
}

function leftOut({ finding, message, fix, unfixable, causedBy = [] }: Wanted): LeftOut[] {
  if (causedBy.length > 0) return [{ finding, message, why: `follows from ${causedBy.join(', ')}` }]
  return fix ? [] : [{ finding, message, why: unfixable ?? 'there is no fix' }]
}

interface Chosen {
  readonly finding: string
  readonly steps: readonly Step[]
}

/** Fixes that give one target different values. What counts is what a fix leaves behind: a later step may change what an earlier one wrote. */
function conflictsIn(fixes: readonly Chosen[]): Conflict[] {
  const wanted = new Map<string, { finding: string; value: string }>()
  const conflicts: Conflict[] = []
  for (const { finding, steps } of fixes) {
    for (const [target, value] of new Map(steps.flatMap(wishesOf))) {
      const other = wanted.get(target)
      if (!other) wanted.set(target, { finding, value })
      else if (other.value !== value) conflicts.push({ target, between: [other.finding, finding] })
    }
  }
  return conflicts
}

const isEngine = (step: Step): step is ServiceStep =>
  step.kind === 'service' &&
  step.name === ENGINE &&
  ['start', 'stop', 'restart', 'reload'].includes(step.action)

/** Where a step stands in its fix: while the engine runs as it was, while it is stopped, or once it runs again. */
interface Parts {
  readonly before: PlannedStep[]
  readonly stopped: PlannedStep[]
  readonly after: PlannedStep[]
}

/**
 * Configuration before the one restart of the engine that all fixes need, then what needs it running. What one fix does while the engine is
 * stopped stays between the stop and the start.
 */
function inOrder(fixes: readonly Chosen[]): PlannedStep[] {
  const parts: Parts = { before: [], stopped: [], after: [] }
  const engine = new Map<ServiceStep['action'], PlannedStep>()
  for (const { finding, steps } of fixes) {
    let part: keyof Parts = 'before'
    for (const step of steps) {
      if (!isEngine(step)) add(parts[part], step, finding)
      else {
        part = step.action === 'stop' ? 'stopped' : 'after'
        engine.set(step.action, merged(engine.get(step.action), step, finding))
      }
    }
  }
  return [...parts.before, ...turns(engine, parts.stopped), ...parts.after]
}

/** One stop, one start: a start after a stop, else a restart, which starts an engine that does not run; a reload only where neither is needed. */
function turns(
  engine: ReadonlyMap<ServiceStep['action'], PlannedStep>,
  between: readonly PlannedStep[],
): PlannedStep[] {
  const [stop, start, restart, reload] = (['stop', 'start', 'restart', 'reload'] as const).map((action) =>
    engine.get(action),
  )
  const findings = [...new Set([start, restart, reload].flatMap((one) => one?.for ?? []))]
  const again = stop ? (start ?? restart) : (restart ?? start ?? reload)
  return [...(stop ? [stop] : []), ...between, ...(again ? [{ ...again, for: findings }] : [])]
}

const merged = (same: PlannedStep | undefined, step: Step, finding: string): PlannedStep => ({
  step,
  for: [...new Set([...(same?.for ?? []), finding])],
})

/** An equal step is carried out once: what has something read its files where it is wanted last, all else where it is wanted first. */
function add(list: PlannedStep[], step: Step, finding: string): void {
  const text = JSON.stringify(step)
  const index = list.findIndex((planned) => JSON.stringify(planned.step) === text)
  const same = list[index]
  if (same && !isTurn(step) && !isStart(step)) list[index] = merged(same, step, finding)
  else {
    if (same) list.splice(index, 1)
    list.splice(placeOf(list, step), 0, merged(same, step, finding))
  }
}

const isStart = (step: Step): boolean => step.kind === 'service' && step.action === 'start'

/** A file is written as a whole before others edit it, or their edits were lost. */
function placeOf(list: readonly PlannedStep[], step: Step): number {
  if (step.kind !== 'file') return list.length
  const edit = list.findIndex(
    ({ step: other }) => (other.kind === 'json' || other.kind === 'line') && other.path === step.path,
  )
  return edit < 0 ? list.length : edit
}
