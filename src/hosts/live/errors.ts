import { type MissingReading, type MissingState, missing } from '../../model/reading.ts'

const STATES: Readonly<Record<string, MissingState>> = {
  ENOENT: 'absent',
  ENOTDIR: 'absent',
  EACCES: 'denied',
  EPERM: 'denied',
  ETIMEDOUT: 'timeout',
}

export const ABSENT = 'does not exist'

/** What the system's error says of a reading. */
export function missingFrom(error: unknown, durationMs: number): MissingReading {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const state = STATES[code] ?? 'failed'
  const reason = state === 'absent' ? ABSENT : state === 'denied' ? 'permission denied' : textOf(error)
  return missing(state, reason, durationMs)
}

/** Node's message without the call and path that it repeats: `EISDIR: illegal operation on a directory`. */
const textOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split(', ')[0] ?? error.message) : String(error)
