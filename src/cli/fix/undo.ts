/** `fix --undo`: takes a run back. */
import { undoneLines } from '../../../reports/fix/outcome.ts'
import { STATE_FOLDER } from '../../fix/apply/journal.ts'
import { lock } from '../../fix/apply/lock.ts'
import { undoRun } from '../../fix/apply/runs.ts'
import { EXIT } from '../exit-code.ts'
import { print } from '../print.ts'
import type { FixOptions } from './arguments.ts'
import { undoneJson } from './json.ts'
import { makeStateFolder } from './state-folder.ts'
import { penOf } from './view.ts'

export async function undo(name: string | undefined, options: FixOptions): Promise<number> {
  await makeStateFolder()
  const unlock = await lock(STATE_FOLDER)
  try {
    const undone = await undoRun(STATE_FOLDER, '', name)
    const pen = await penOf(undone, options)
    await print(options.format === 'json' ? undoneJson(undone) : `${undoneLines(undone, pen).join('\n')}\n`)
    return undone.outcome === 'undone' && undone.left.length === 0 ? EXIT.ready : EXIT.notReady
  } finally {
    await unlock()
  }
}
