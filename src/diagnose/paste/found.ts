/** What a pasted command says, as readings under the keys of the sources that facts read. */
import type { Entry } from '../../hosts/memory.ts'
import { type MissingReading, missing } from '../../model/reading.ts'

export type Found = Record<string, Entry>

/** A program printed this, and did not fail. */
export const printed = (key: string, stdout: string): Found => ({
  [key]: { stdout: `${stdout}\n`, stderr: '', exit: 0 },
})

/** The text speaks of it, and does not show it: nothing may be assumed of it either. */
export const NOT_SHOWN: MissingReading = missing('notRecorded', 'the text does not show it')
