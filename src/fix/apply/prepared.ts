/** Deeds that are ready to be done, with what must be kept for taking them back. */
import type { Argv, Deed, ProgramDeed } from './deed.ts'
import { look, type PathState, sha256 } from './path-state.ts'
import { type Ran, TIMEOUTS_MS } from './program.ts'

export interface Prepared {
  readonly deed: Deed
  /** What files hold before and after it. */
  readonly contents: readonly Uint8Array[]
  readonly undoOnceDone?: UndoOnceDone
}

/** Says, once a program has run, what takes it back, where that only shows then. One that failed may have done its work in part. */
export type UndoOnceDone = (ran: Ran) => Promise<Undoing>

/** Of a program after which nothing has to be taken back, such as one that fetches lists. */
export const leavesNothing: UndoOnceDone = async () => ({ undo: null })

export interface Undoing {
  /** Null where nothing has to be taken back. */
  readonly undo: Argv | null
  /** What cannot be taken back. */
  readonly note?: string
}

export interface Running {
  readonly undo?: Argv | null
  /** What `undo` reads from its standard input. */
  readonly undoReads?: Uint8Array
  readonly undoOnlyIf?: Argv
  readonly again?: true
  readonly undoLast?: true
  /** Paths that the program changes. */
  readonly changes?: readonly string[]
  readonly timeoutMs?: number
  /** Exit statuses besides 0 with which the program, or what takes it back, has done its work. */
  readonly alsoDone?: readonly number[]
  readonly undoOnceDone?: UndoOnceDone
}

/** A program to be run. */
export async function programDeed(
  argv: Argv,
  {
    undo = null,
    undoReads,
    undoOnlyIf,
    again,
    undoLast,
    changes = [],
    timeoutMs = TIMEOUTS_MS.ordinary,
    alsoDone = [],
    undoOnceDone,
  }: Running = {},
): Promise<Prepared> {
  const seen = await Promise.all(changes.map(async (path) => ({ path, ...(await look(path)) })))
  const before: ProgramDeed['changes'] = seen.map(({ path, state }): { path: string; before: PathState } => ({
    path,
    before: state,
  }))
  return {
    deed: {
      do: 'program',
      argv,
      undo,
      changes: before,
      timeoutMs,
      ...(undoReads ? { undoReads: sha256(undoReads) } : {}),
      ...(undoOnlyIf ? { undoOnlyIf } : {}),
      ...(again ? { again } : {}),
      ...(undoLast ? { undoLast } : {}),
      ...(alsoDone.length > 0 ? { alsoDone } : {}),
    },
    contents: [...seen.flatMap(({ content }) => content ?? []), ...(undoReads ? [undoReads] : [])],
    ...(undoOnceDone ? { undoOnceDone } : {}),
  }
}
