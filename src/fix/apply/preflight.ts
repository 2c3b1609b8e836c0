/** What is plain before anything is touched: steps that this host does not allow. */
import type { CommandStep, Step } from '../../model/fix.ts'
import type { Plan } from '../plan.ts'
import { deedsOf } from './deeds.ts'
import { isInstalled } from './program.ts'
import { Refused } from './refused.ts'

/** Their refusal does not hang on what other steps bring: a link, a boot loader. */
const FORESEEN: ReadonlySet<Step['kind']> = new Set(['file', 'line', 'dropIn', 'remove', 'kernelArgument'])

/** Findings whose steps would be refused, and why. Only looks. */
export async function preflight({ steps }: Plan, root = ''): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>()
  const installing = new Set(
    steps.flatMap(({ step, for: findings }) => (step.kind === 'package' ? findings : [])),
  )
  for (const { step, for: findings } of steps) {
    const why = FORESEEN.has(step.kind) ? await refusalOf(step, root) : null
    if (why !== null) for (const finding of findings) refused.set(finding, why)
    const missing = step.kind === 'command' ? await missingProgram(step) : null
    if (missing === null) continue
    // A package of the same fix may bring it.
    for (const finding of findings.filter((one) => !installing.has(one))) refused.set(finding, missing)
  }
  return refused
}

const missingProgram = async ({ argv: [program] }: CommandStep): Promise<string | null> =>
  (await isInstalled(program)) ? null : `${program} is not installed here`

async function refusalOf(step: Step, root: string): Promise<string | null> {
  try {
    await deedsOf(step, root)
    return null
  } catch (error) {
    return error instanceof Refused ? error.message : null
  }
}
