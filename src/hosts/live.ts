/** This machine. */
import { missing, ok, type Reading } from '../model/reading.ts'
import type { Source } from '../model/source.ts'
import type { Host } from './host.ts'
import { readCommand } from './live/command.ts'
import { readDirectory, readFile, readStat, readStatfs } from './live/files.ts'
import { readIdentity } from './live/identity.ts'
import { readUnixHttp } from './live/unix-http.ts'
import { redact } from './redact.ts'

const inPlace = (path: string): string => path

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

export const liveHost: Host = {
  kind: 'live',
  read: async <S extends Source>(source: S, signal: AbortSignal) =>
    redact(source, await readSource(source, signal)) as Reading<S>,
}
