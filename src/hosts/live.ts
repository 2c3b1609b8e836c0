/** This machine. */
import { missing, ok, type Reading } from '../model/reading.ts'
import type { Source } from '../model/source.ts'
import { readCommand } from './live/command.ts'
import { type Place, readDirectory, readFile, readStat, readStatfs } from './live/files.ts'
import { readIdentity } from './live/identity.ts'
import { readUnixHttp } from './live/unix-http.ts'
import { redacted } from './redact.ts'

const inPlace: Place = { locate: (path) => path, named: (real) => real }

async function readSource(source: Source, signal: AbortSignal): Promise<Reading> {
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
