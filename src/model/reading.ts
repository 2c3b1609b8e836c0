import type { Payload, Source } from './source.ts'

/** Why nothing (or nothing usable) was seen. */
export type MissingState = 'absent' | 'denied' | 'timeout' | 'failed' | 'notRecorded'
export type ReadingState = 'ok' | MissingState

export interface OkReading<P> {
  readonly state: 'ok'
  readonly value: P
  /** The output cap cut it. */
  readonly truncated?: true
  /** Milliseconds. */
  readonly durationMs: number
}
export interface MissingReading {
  readonly state: MissingState
  /** One line: what the system said. */
  readonly reason: string
  readonly durationMs: number
}

/** What reading a source gave, raw, before any parsing. */
export type Reading<S extends Source = Source> = OkReading<Payload<S>> | MissingReading

export const ok = <P>(value: P, durationMs = 0, truncated = false): OkReading<P> => ({
  state: 'ok',
  value,
  durationMs,
  ...(truncated ? { truncated } : {}),
})

export const missing = (state: MissingState, reason: string, durationMs = 0): MissingReading => ({
  state,
  reason,
  durationMs,
})

const RUN_ENDED = 'the run ended first'

/** The run ended while a source was still asked. That tells of the run's time alone; that nobody answers is told by a source's own bound. */
export const cutShort = (durationMs = 0): MissingReading => missing('timeout', RUN_ENDED, durationMs)

export const isCutShort = ({ state, reason }: MissingReading): boolean =>
  state === 'timeout' && reason === RUN_ENDED
