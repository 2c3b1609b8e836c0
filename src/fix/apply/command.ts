/** Any other program, under its conditions. */
import { type CommandStep, isOwnWayBack } from '../../model/fix.ts'
import type { Argv } from './deed.ts'
import { saying } from './do-deed.ts'
import { type Prepared, programDeed } from './prepared.ts'
import { runProgram, succeeds, TIMEOUTS_MS } from './program.ts'
import { Refused } from './refused.ts'

export async function commandDeeds(step: CommandStep): Promise<Prepared[]> {
  const { argv, unless, onlyIf, undo, undoReads, changes } = step
  if (unless && (await succeeds(unless))) return []
  if (onlyIf && !(await succeeds(onlyIf))) return []
  const timeoutMs = TIMEOUTS_MS.packages
  // What is its own way back (a reload) follows the files that are put back: it comes after them.
  const taking = isOwnWayBack(step) ? { again: true as const } : { undo: undo ?? null }
  const reads = undoReads ? { undoReads: Buffer.from(await printedBy(undoReads)) } : {}
  return [await programDeed(argv, { ...taking, ...reads, ...(changes ? { changes } : {}), timeoutMs })]
}

/** What it warns of is no part of it. */
async function printedBy(argv: Argv): Promise<string> {
  const ran = await runProgram(['sh', '-c', 'exec "$@" 2>/dev/null', 'sh', ...argv])
  if (ran.exit !== 0) throw new Refused(`what would take it back cannot be kept: ${saying(argv, ran)}`)
  return `${ran.output}\n`
}
