/** Files, directories and their metadata, read through the kernel alone. */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  type Stats,
  statfs,
  statSync,
} from 'node:fs'
import { promisify } from 'node:util'
import { cutShort, type MissingReading, missing, ok, type Reading } from '../../model/reading.ts'
import type { DirectorySource, FileSource, Stat, StatfsSource, StatSource } from '../../model/source.ts'
import { ABSENT, missingFrom } from './errors.ts'
import { within } from './within.ts'

const DEFAULT_CAP = 1024 * 1024
const MOST_NAMES = 20_000

/** How the paths of the host that is examined lie in the paths of this one. */
export interface Place {
  /** Where a path really lies; a mounted root keeps every link inside itself. Throws as the system does. */
  readonly locate: (path: string) => string
  /** The examined host's name of a real path. */
  readonly named: (real: string) => string
}

/** Most of what is asked for does not exist: to be told so costs a twentieth of an error that is thrown. */
const find = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false })
const absent = (started: number): MissingReading => missing('absent', ABSENT, performance.now() - started)

/**
 * Reads a regular file. Synchronous on purpose: hundreds of small kernel files are read ten times faster so.
 * Opened without blocking, so that a FIFO in a file's place cannot hang the run.
 */
export function readFile(source: FileSource, place: Place): Reading<FileSource> {
  const started = performance.now()
  let fd: number | undefined
  try {
    const located = place.locate(source.path)
    if (!find(located)) return absent(started)
    fd = openSync(located, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    const meta = fstatSync(fd)
    const type = typeOf(meta)
    if (type !== 'file') return missing('failed', `is not a file but a ${type}`, performance.now() - started)
    const cap = source.maxBytes ?? DEFAULT_CAP
    const fromEnd = source.part === 'end' && meta.size > cap
    const { bytes, truncated } = fromEnd ? readEnd(fd, meta.size, cap) : readCapped(fd, cap)
    const text = bytes.toString(source.encoding ?? 'utf8')
    return ok(text, performance.now() - started, truncated)
  } catch (error) {
    return missingFrom(error, performance.now() - started)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** Whole lines only: the one that the cap cuts is left out. */
function readEnd(fd: number, size: number, cap: number): { bytes: Buffer; truncated: boolean } {
  const bytes = Buffer.alloc(cap)
  const count = readSync(fd, bytes, 0, cap, size - cap)
  return { bytes: bytes.subarray(bytes.indexOf(0x0a) + 1, count), truncated: true }
}

/** Shared by all reads, as they are synchronous: a buffer for each would make the collector busy. */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

/** Files under /proc tell no size: read until nothing comes. The bytes are valid until the next read. */
function readCapped(fd: number, cap: number): { bytes: Buffer; truncated: boolean } {
  const chunks: Buffer[] = []
  let total = 0
  for (let at = 0; total <= cap; ) {
    if (at === scratch.length) {
      chunks.push(Buffer.from(scratch))
      at = 0
    }
    const count = readSync(fd, scratch, at, Math.min(scratch.length - at, cap + 1 - total), null)
    if (count === 0) {
      chunks.push(scratch.subarray(0, at))
      break
    }
    at += count
    total += count
    if (total > cap) chunks.push(scratch.subarray(0, at))
  }
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
  return { bytes: bytes.subarray(0, cap), truncated: total > cap }
}

export function readDirectory(source: DirectorySource, place: Place): Reading<DirectorySource> {
  const started = performance.now()
  try {
    const located = place.locate(source.path)
    if (!find(located)) return absent(started)
    const names = readdirSync(located, { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
    return ok(names.slice(0, MOST_NAMES), performance.now() - started, names.length > MOST_NAMES)
  } catch (error) {
    return missingFrom(error, performance.now() - started)
  }
}

export function readStat(source: StatSource, place: Place): Reading<StatSource> {
  const started = performance.now()
  try {
    const located = place.locate(source.path)
    const stats = find(located)
    if (!stats) return absent(started)
    const real = place.named(realpathSync.native(located))
    const value: Stat = {
      type: typeOf(stats),
      mode: stats.mode & 0o7777,
      uid: stats.uid,
      gid: stats.gid,
      size: stats.size,
      mtimeMs: Math.round(stats.mtimeMs),
      ino: stats.ino,
      dev: stats.dev,
      ...(real === source.path ? {} : { realPath: real }),
    }
    return ok(value, performance.now() - started)
  } catch (error) {
    return missingFrom(error, performance.now() - started)
  }
}

const STATFS_TIMEOUT_MS = 2_000
/** Not that of node:fs/promises, which takes a millisecond to load. */
const statfsAsync = promisify(statfs)

/** A dead network file system never answers statfs: it is asked on another thread and given up after a while. */
export async function readStatfs(
  source: StatfsSource,
  place: Place,
  signal: AbortSignal,
): Promise<Reading<StatfsSource>> {
  const started = performance.now()
  try {
    const asked = statfsAsync(place.locate(source.path))
    const answer = await within(asked, STATFS_TIMEOUT_MS, signal)
    if (!answer) {
      const took = performance.now() - started
      return signal.aborted
        ? cutShort(took)
        : missing('timeout', `no answer in ${STATFS_TIMEOUT_MS / 1000} s`, took)
    }
    const { type, bsize, blocks, bfree, bavail, files, ffree } = answer.value
    return ok({ type, bsize, blocks, bfree, bavail, files, ffree }, performance.now() - started)
  } catch (error) {
    return missingFrom(error, performance.now() - started)
  }
}

function typeOf(stats: Stats): Stat['type'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSocket()) return 'socket'
  if (stats.isFIFO()) return 'fifo'
  if (stats.isBlockDevice()) return 'block'
  return stats.isCharacterDevice() ? 'character' : 'other'
}
