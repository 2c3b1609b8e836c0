/** What a plan interrupts. */
import type { FactStore } from '../engine/facts.ts'
import { runningEngine } from '../facts/engine.ts'
import type { Plan } from './plan.ts'

export interface Interruption {
  /** How many containers run. */
  readonly containers: number
  /** They go on while the engine is restarted. @see https://docs.docker.com/engine/daemon/live-restore/ */
  readonly liveRestore: boolean
}

/** Whether the engine stops on the way. */
export const stopsEngine = ({ steps }: Pick<Plan, 'steps'>): boolean =>
  steps.some(
    ({ step }) =>
      step.kind === 'service' && step.name === 'docker' && ['stop', 'restart'].includes(step.action),
  )

/** Null where the engine is not touched, or does not run anyway. */
export async function interruptionBy(plan: Plan, facts: FactStore): Promise<Interruption | null> {
  if (!stopsEngine(plan)) return null
  const { outcome } = await facts.get(runningEngine)
  if (!outcome.known || outcome.value === null) return null
  const { containersRunning, liveRestore } = outcome.value.info
  return { containers: containersRunning, liveRestore }
}
