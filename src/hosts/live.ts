/** This machine. */
import { type MissingReading, missing, ok, type Reading } from '../model/reading.ts'
import type { Source } from '../model/source.ts'
import { readCommand } from './live/command.ts'
import { deadMounts, ownMountinfo } from './live/dead-mounts.ts'
import { type Place, readDirectory, readFile, readStat, readStatfs } from './live/files.ts'
import { readIdentity } from './live/identity.ts'
import { readUnixHttp } from './live/unix-http.ts'
import { redacted } from './redact.ts'

const inPlace: Place = { locate: (path) => path, named: (real) => real }

const ON_DISK: ReadonlySet<Source['kind']> = new Set(['file', 'directory', 'stat', 'statfs'])
const mounts = deadMounts(ownMountinfo)

/** What the kernel answers at once is given at once: there are hundreds of such sources. */
function readSource(source: Source, signal: AbortSignal): Reading | Promise<Reading> {
  const dead = ON_DISK.has(source.kind) && 'path' in source ? mounts.of(source.path, signal) : undefined
  return dead ? unlessDead(dead, source, signal) : ask(source, signal)
}

async function unlessDead(
  dead: Promise<MissingReading | undefined>,
  source: Source,
  signal: AbortSignal,
): Promise<Reading> {
  return (await dead) ?? ask(source, signal)
}

function ask(source: Source, signal: AbortSignal): Reading | Promise<Reading> {
  switch (source.kind) {
    case 'file':
      return readFile(source, inPlace)
    case 'directory':
      return readDirectory(source, inPlace)
    case 'stat':
      return readStat(source, inPlace)
    case 'statfs':
      return readStatfs(source, inPlace, signal)
    case 'command':
      return readCommand(source, signal)
    case 'unixHttp':
      return readUnixHttp(source, signal)
    case 'probe':
      return import('./live/probe.ts').then(({ readProbe }) => readProbe(source, signal))
    case 'identity':
      return readIdentity()
    case 'environment': {
      const value = process.env[source.name]
      return value === undefined ? missing('absent', 'is not set') : ok(value)
    }
    case 'inventory':
      return import('./live/inventory.ts').then(({ readInventory }) => readInventory(source))
    case 'clock':
      return ok(new Date().toISOString())
    default:
      return source satisfies never
  }
}

export const liveHost = redacted('live', readSource)
