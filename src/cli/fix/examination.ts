/** Looks at the host and plans. */
import type { Interruption } from '../../fix/interruption.ts'
import type { Plan, Wanted } from '../../fix/plan.ts'
import type { ContentBefore } from '../../fix/shell.ts'
import type { Check } from '../../model/check.ts'
import type { Report } from '../../model/report.ts'
import { dataFor } from '../data.ts'
import { interruptible } from '../interrupt.ts'
import { named, select } from '../select.ts'
import { VERSION } from '../version.ts'
import type { FixOptions } from './arguments.ts'

export interface Examination {
  readonly report: Report
  readonly wanted: readonly Wanted[]
  readonly plan: Plan
  readonly interruption: Interruption | null
  readonly before: ContentBefore
}

/** Nothing to be done, and nothing fails. */
export const isWhole = ({ plan, report }: Examination): boolean =>
  plan.steps.length === 0 && report.verdict !== 'not-ready'

/**
 * All checks of the profile are asked, whatever is to be mended: what explains a finding may lie elsewhere.
 * @param permits which of the fixable findings go into the plan
 */
export async function examineHost(
  options: FixOptions,
  permits: (wanted: Wanted) => boolean = () => true,
): Promise<Examination> {
  const { catalogue } = await import('../../engine/catalogue.ts')
  const checks = checksFor(catalogue, options)
  const { report, facts, before } = await examineBy(checks, options)
  const { wantedIn } = await import('../../fix/wanted.ts')
  const { planOf } = await import('../../fix/plan.ts')
  const { interruptionBy } = await import('../../fix/interruption.ts')
  const asked = options.ids.length > 0 ? named(catalogue, options.ids) : new Set(checks)
  const ids = new Set<string>([...asked].map(({ id }) => id))
  const wanted = wantedIn(report, checks).filter(({ finding }) => ids.has(finding.split('#')[0] ?? ''))
  const plan = planOf(wanted.filter(permits))
  return { report, wanted, plan, interruption: await interruptionBy(plan, facts), before }
}

/** Those of the profile, and those that are named. */
function checksFor(catalogue: readonly Check[], { ids, profile }: FixOptions): readonly Check[] {
  const { checks } = select(catalogue, { asked: [], skipped: [], profile })
  return [...new Set([...checks, ...named(catalogue, ids)])]
}

export async function examineBy(checks: readonly Check[], options: FixOptions) {
  const { profile, user, offline, timeoutS, snapshot, root } = options
  const data = await dataFor(options.data)
  const { openHost } = await import('../../hosts/open.ts')
  const host = await openHost({ snapshot, root })
  const { examine } = await import('../../engine/run.ts')
  return interruptible((signal) =>
    examine(host, {
      checks,
      data,
      settings: { profile, ...(user === undefined ? {} : { user }) },
      offline,
      timeoutS,
      version: VERSION,
      signal,
    }),
  )
}
