/** What is written as a whole was made of what was read: a file that has changed since would lose that change. */
import { isExact } from '../drafts.ts'
import type { Plan } from '../plan.ts'
import { type ContentBefore, REDACTED } from '../shell.ts'
import { realFile } from './path-deeds.ts'

/**
 * Paths whose content is neither what the plan was made of nor what it makes of it. Only looks.
 * @throws {Refused} where a path cannot be looked at
 */
export async function changedSinceRead(
  { steps }: Pick<Plan, 'steps'>,
  before: ContentBefore,
  root = '',
): Promise<string[]> {
  const wanted = new Map(
    steps.flatMap(({ step }) => (step.kind === 'file' ? [[step.path, step.content]] : [])),
  )
  const changed: string[] = []
  for (const [path, content] of wanted) {
    const read = before(path)
    // Credentials are not in a reading.
    if (!isExact(read) || read.includes(REDACTED)) continue
    const { seen } = await realFile(path, root)
    const now = seen.content?.toString('utf8')
    if (now !== read && now !== content) changed.push(path)
  }
  return changed
}
