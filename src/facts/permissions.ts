/** What permission bits allow, and to whom. */
import { type AsReading, asReading, Unavailable, type Unreadable } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type Stat, type StatSource, sourceKey, stat } from '../model/source.ts'

/** `read`, `write`, `pass`: the bits of one class; for a folder the last lets one through. */
export const READ = 0o4
export const WRITE = 0o2
export const PASS = 0o1

/** Whether a user may do all of `bits`: the first class that fits decides, as in the kernel; root may everything. */
export function may(
  { uid, gid, mode }: Stat,
  user: number,
  groups: ReadonlySet<number>,
  bits: number,
): boolean {
  const shift = user === uid ? 6 : groups.has(gid) ? 3 : 0
  return user === 0 || ((mode >> shift) & bits) === bits
}

/** `0644`. */
export const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0')

/** The folders above a path, without the root. */
export const foldersAbove = (path: string): readonly string[] => {
  const parts = path.split('/').filter(Boolean).slice(0, -1)
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join('/')}`)
}

export type Stats = Readonly<Record<string, AsReading<StatSource>>>

/** Paths and the folders above them, to be looked at. */
export const withFoldersAbove = (paths: readonly string[]): Stats =>
  Object.fromEntries(
    paths.flatMap((path) => [...foldersAbove(path), path]).map((path) => [path, asReading(stat(path))]),
  )

/** What was seen there; null where nothing is, or where this user may not look. */
export function seen(path: string, reading: Reading<StatSource> | undefined): Stat | null {
  if (!reading || reading.state === 'absent' || reading.state === 'denied') return null
  if (reading.state === 'ok') return reading.value
  const why: Unreadable = { source: sourceKey(stat(path)), state: reading.state, reason: reading.reason }
  throw new Unavailable(why)
}

/** Everybody may pass through all folders above it. */
export const isReachable = (path: string, readings: Readonly<Record<string, Reading<StatSource>>>): boolean =>
  foldersAbove(path).every((folder) => {
    const reading = readings[folder]
    return reading?.state !== 'denied' && ((seen(folder, reading)?.mode ?? PASS) & PASS) === PASS
  })
