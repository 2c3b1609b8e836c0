/** The snapshot's format: one JSON object, described in docs/snapshot-format.md. */
import type { Reading } from '../../model/reading.ts'
import type { CommandOutput, Payload, Source } from '../../model/source.ts'
import type { Entry, Readings } from '../memory.ts'

/** Counts up when a reader of the former format would misread the new one. */
export const FORMAT = 1

/** A recorded host. */
export interface Snapshot {
  /** Name and version of what wrote it; empty where it does not say. */
  readonly tool: string
  /** RFC 3339; empty where it does not say. */
  readonly recordedAt: string
  readonly readings: Readings
}

export const ABSENT = 'does not exist'

/** The kind of source that a key names; undefined for keys that this version does not know, and for wildcards. */
export function kindOf(key: string): Source['kind'] | undefined {
  if (key.endsWith('**')) return undefined
  if (key.startsWith('/')) return key.endsWith('/') ? 'directory' : 'file'
  if (key === 'identity' || key === 'clock') return key
  return KINDS.find(([start]) => key.startsWith(start))?.[1]
}

const KINDS: readonly (readonly [string, Source['kind']])[] = [
  ['$ ', 'command'],
  ['stat ', 'stat'],
  ['statfs ', 'statfs'],
  ['base64 /', 'file'],
  ['end /', 'file'],
  ['GET unix://', 'unixHttp'],
  ['probe ', 'probe'],
  ['env ', 'environment'],
  ['inventory ', 'inventory'],
]

/** The text of a snapshot: sorted by key, every reading in its shortest form that loses nothing but durations. */
export function snapshotText(
  readings: ReadonlyMap<string, Reading>,
  about: { readonly tool: string; readonly recordedAt: string },
): string {
  const sorted = [...readings].sort(([a], [b]) => (a < b ? -1 : 1))
  const entries = sorted.map(([key, reading]) => [key, shortest(key, reading)])
  const whole = { seaworthySnapshot: FORMAT, ...about, readings: Object.fromEntries(entries) }
  return `${JSON.stringify(whole, null, 1)}\n`
}

function shortest(key: string, reading: Reading): Entry {
  if (reading.state !== 'ok') {
    if (reading.state === 'absent' && reading.reason === ABSENT) return null
    return { ...reading, durationMs: rounded(reading.durationMs) }
  }
  const { value, truncated, durationMs } = reading
  const ambiguous = typeof value === 'object' && 'state' in value
  if (truncated || ambiguous) return { ...reading, durationMs: rounded(durationMs) }
  if (kindOf(key) === 'command' && isOutput(value)) {
    return value.exit === 0 && value.stderr === '' ? value.stdout : value
  }
  return value
}

const isOutput = (value: Payload): value is CommandOutput =>
  typeof value === 'object' && 'stdout' in value && 'exit' in value

const rounded = (durationMs: number): number => Math.round(durationMs * 10) / 10
