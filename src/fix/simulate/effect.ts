/** What a step makes of a host in memory. */
import type { Entry, Readings } from '../../hosts/memory.ts'
import type { Stat } from '../../model/source.ts'

export interface Effect {
  readonly readings: Readings
  /** Something comes of it that no reading tells beforehand: what a restart, a package, a boot or a person brings. */
  readonly opaque: boolean
}

/** The readings tell all of it. */
export const told = (readings: Readings): Effect => ({ readings, opaque: false })
/** What the readings tell of it, and more. */
export const opaque = (readings: Readings): Effect => ({ readings, opaque: true })

/** The text of a file, or null where it was not read, or is not there. */
export function textOf(readings: Readings, path: string): string | null {
  const entry = readings[path]
  return typeof entry === 'string' ? entry : null
}

/** Sets a file's text, and its name in the listing of its folder; one that was not there is root's then. */
export function withFile(readings: Readings, path: string, text: string): Readings {
  const cut = path.lastIndexOf('/')
  const named = withName(readings, path.slice(0, cut + 1), path.slice(cut + 1))
  const key = `stat ${path}`
  return { ...named, [key]: readings[key] ?? rootsFile(text), [path]: text }
}

const rootsFile = (text: string): Stat => ({
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: Buffer.byteLength(text),
  mtimeMs: 0,
  ino: 0,
  dev: 0,
})

/** A name in the listing of a folder, whose path ends in a slash. */
export function withName(readings: Readings, folder: string, name: string): Readings {
  const listing: Entry | undefined = readings[folder]
  const names = Array.isArray(listing) ? listing : []
  return { ...readings, [folder]: [...new Set([...names, name])].sort() }
}

/** Takes a name out of a listing that was read. */
export function withoutName(readings: Readings, folder: string, name: string): Readings {
  const listing: Entry | undefined = readings[folder]
  return Array.isArray(listing)
    ? { ...readings, [folder]: listing.filter((each) => each !== name) }
    : readings
}

/** What a command printed, or null where it was not read, or failed. */
export function outputOf(readings: Readings, key: string): string | null {
  const entry = readings[key]
  if (typeof entry === 'string') return entry
  return isOutput(entry) && entry.exit === 0 ? entry.stdout : null
}

/** Another output of a command that was read. */
export function withOutput(readings: Readings, key: string, stdout: string): Readings {
  const entry = readings[key]
  return { ...readings, [key]: isOutput(entry) ? { ...entry, stdout } : stdout }
}

const isOutput = (
  entry: Entry | undefined,
): entry is { readonly stdout: string; readonly stderr: string; readonly exit: number } =>
  typeof entry === 'object' && entry !== null && 'stdout' in entry
