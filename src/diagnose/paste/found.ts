/** What a pasted command says, as readings under the keys of the sources that facts read. */
import type { Entry } from '../../hosts/memory.ts'
import { type MissingReading, missing } from '../../model/reading.ts'
import type { Stat } from '../../model/source.ts'

export type Found = Record<string, Entry>

/** A program printed this, and did not fail. */
export const printed = (key: string, stdout: string): Found => ({
  [key]: { stdout: `${stdout}\n`, stderr: '', exit: 0 },
})

/** A file or folder of root's, of which the text tells no more than its kind and mode, and what `more` says. */
export const statOf = (type: Stat['type'], mode: number, more: Partial<Stat> = {}): Stat => ({
  ...{ type, mode, uid: 0, gid: 0, size: 1, mtimeMs: 0, ino: 1, dev: 1 },
  ...more,
})

/** The text speaks of it, and does not show it: nothing may be assumed of it either. */
export const NOT_SHOWN: MissingReading = missing('notRecorded', 'the text does not show it')
