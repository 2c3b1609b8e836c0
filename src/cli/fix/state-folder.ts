import { chmod, mkdir } from 'node:fs/promises'
import { STATE_FOLDER } from '../../fix/apply/journal.ts'
import { wordsOf } from '../../fix/apply/refused.ts'
import { InputError } from '../../model/errors.ts'

/** Runs keep what files held: only root may look. */
export async function makeStateFolder(): Promise<void> {
  try {
    await mkdir(STATE_FOLDER, { recursive: true })
    await chmod(STATE_FOLDER, 0o700)
  } catch (error) {
    throw new InputError(`nothing was touched: ${STATE_FOLDER} cannot be written: ${wordsOf(error)}`)
  }
}
