import type { Reading } from '../model/reading.ts'
import type { Source } from '../model/source.ts'

/** What is examined: a live machine, a recorded one, or a mounted file system. */
export interface Host {
  readonly kind: 'live' | 'snapshot' | 'root'
  /**
   * Reads one source. Never throws for what the host does or lacks: that is the reading's state.
   * @param signal ends the reading early; it then is `timeout`.
   */
  read<S extends Source>(source: S, signal: AbortSignal): Promise<Reading<S>>
}
