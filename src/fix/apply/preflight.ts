/** What is plain before anything is touched: steps that this host does not allow. */
import type { Step } from '../../model/fix.ts'
import type { Plan } from '../plan.ts'
import { deedsOf } from './deeds.ts'
import { Refused } from './refused.ts'

/** Their refusal does not hang on what other steps bring: a link, a boot loader, a parameter that the kernel lacks. */
const FORESEEN: ReadonlySet<Step['kind']> = new Set(['file', 'line', 'dropIn', 'remove', 'kernelArgument'])

/** Findings whose steps would be refused, and why. Only looks. */
export async function preflight({ steps }: Plan, root = ''): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>()
  for (const { step, for: findings } of steps) {
    if (!FORESEEN.has(step.kind)) continue
    const why = await refusalOf(step, root)
    if (why !== null) for (const finding of findings) refused.set(finding, why)
  }
  return refused
}

async function refusalOf(step: Step, root: string): Promise<string | null> {
  try {
    await deedsOf(step, root)
    return null
  } catch (error) {
    return error instanceof Refused ? error.message : null
  }
}
