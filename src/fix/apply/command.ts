/** Any other program, under its conditions. */
import type { CommandStep } from '../../model/fix.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { succeeds, TIMEOUTS_MS } from './program.ts'

export async function commandDeeds({
  argv,
  unless,
  onlyIf,
  undo,
  changes,
}: CommandStep): Promise<Prepared[]> {
  if (unless && (await succeeds(unless))) return []
  if (onlyIf && !(await succeeds(onlyIf))) return []
  const timeoutMs = TIMEOUTS_MS.packages
  // What is its own way back (a reload) follows the files that are put back: it comes after them.
  const taking = undo && String(undo) === String(argv) ? { again: true as const } : { undo: undo ?? null }
  return [await programDeed(argv, { ...taking, ...(changes ? { changes } : {}), timeoutMs })]
}
