/** A plan, and what came of it, as JSON. */
import { safeJson } from '../../../reports/untrusted.ts'
import type { Applied } from '../../fix/apply/apply.ts'
import type { Undone } from '../../fix/apply/runs.ts'
import type { Verified } from '../../fix/apply/verify.ts'
import { type Drafts, toShell } from '../../fix/shell.ts'
import type { Examination } from './examination.ts'

const SCHEMA_VERSION = 1
const text = (value: unknown): string => `${safeJson(value, 2)}\n`

export const planJson = (examination: Examination): string => text(planRecord(examination))

export const appliedJson = (
  examination: Examination,
  { run, result }: Applied,
  findings: readonly Verified[],
): string => {
  const failure =
    result.outcome === 'takenBack'
      ? { step: result.step.step, why: result.why, left: result.left }
      : undefined
  return text({
    ...planRecord(examination),
    applied: { run, outcome: result.outcome, ...(failure ? { failure } : {}), findings },
  })
}

export const undoneJson = (undone: Undone): string => text({ schemaVersion: SCHEMA_VERSION, undo: undone })

function planRecord({ report, plan, interruption, before }: Examination): Record<string, unknown> {
  const drafts: Drafts = new Map()
  const steps = plan.steps.map(({ step, for: findings }) => ({
    for: findings,
    step,
    shell: toShell({ summary: '', risk: 'safe', steps: [step] }, before, drafts),
  }))
  const { tool, profile, verdict, startedAt, host } = report
  return {
    schemaVersion: SCHEMA_VERSION,
    tool,
    profile,
    verdict,
    startedAt,
    host: { hostname: host.hostname, reached: host.reached },
    plan: { ...plan, steps, interrupts: interruption },
  }
}
