/** This machine. */
import { missing, ok, type Reading } from '../model/reading.ts'
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

async function readSource(source: Source, signal: AbortSignal): Promise<Reading> {
  if (ON_DISK.has(source.kind) && 'path' in source) {
    const dead = await mounts.of(source.path, signal)
    if (dead !== undefined) return missing('timeout', `the file system at ${dead} does not answer`)
  }
  return ask(source, signal)
}

async function ask(source: Source, signal: AbortSignal): Promise<Reading> {
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
      return (await import('./live/probe.ts')).readProbe(source, signal)
    case 'identity':
      return readIdentity()
    case 'environment': {
      const value = process.env[source.name]
      return value === undefined ? missing('absent', 'is not set') : ok(value)
    }
    case 'inventory':
      return (await import('./live/inventory.ts')).readInventory(source)
    case 'clock':
      return ok(new Date().toISOString())
    default:
      return source satisfies never
  }
}

export const liveHost = redacted('live', readSource)
