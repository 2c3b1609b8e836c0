/** What is done to the host, as small as it can be taken back. A step is carried out as a list of deeds. */
import type { PathState } from './path-state.ts'

export type Argv = readonly [string, ...string[]]

/** A path gets another state. Content of files lies with the run, by its hash. */
export interface PathDeed {
  readonly do: 'path'
  readonly path: string
  readonly before: PathState
  readonly after: PathState
}
/** A file or folder is renamed; nothing lies at `to` before. */
export interface MoveDeed {
  readonly do: 'move'
  readonly from: string
  readonly to: string
  /** What is moved. */
  readonly what: PathState
}
/** A value of the running kernel. */
export interface KernelDeed {
  readonly do: 'kernel'
  /** Under /proc/sys. */
  readonly path: string
  readonly before: string
  readonly after: string
}
/** A program is run. */
export interface ProgramDeed {
  readonly do: 'program'
  readonly argv: Argv
  /** Takes it back; null where nothing does, or nothing has to (a reload). */
  readonly undo: Argv | null
  /** The hash of what `undo` reads from its standard input. */
  readonly undoReads?: string
  /** It is taken back only where this program ends well: what has stopped need not be stopped. */
  readonly undoOnlyIf?: Argv
  /** To be run again, after everything else is taken back: it has the running thing follow its files. */
  readonly again?: true
  /** Taken back after everything else, and after what is run again: what was stopped starts as everything was. */
  readonly undoLast?: true
  /** Files that it changes, as they are before. */
  readonly changes: readonly { readonly path: string; readonly before: PathState }[]
  /** Exit statuses besides 0 with which it, or `undo`, has done its work. */
  readonly alsoDone?: readonly number[]
  /** How long it may take. */
  readonly timeoutMs: number
}

export type Deed = PathDeed | MoveDeed | KernelDeed | ProgramDeed
