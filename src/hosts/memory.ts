/** A host held in memory, by source key: what snapshots are replayed on and what tests are written with. */
import { missing, ok, type Reading } from '../model/reading.ts'
import { type Payload, type Source, sourceKey } from '../model/source.ts'
import type { Host } from './host.ts'

/** A reading, or its short form: the payload itself, or `null` for "absent". A command's payload may be its stdout alone. */
export type Entry = Reading | Payload | null

/**
 * Readings by source key. A key that ends in `**` answers for every key it begins:
 * `'/etc/sysctl.d/**': null` says that nothing is there. What no key answers was not recorded.
 */
export type Readings = Readonly<Record<string, Entry>>

const isReading = (entry: object): entry is Reading => 'state' in entry && typeof entry.state === 'string'

function expand(source: Source, entry: Entry): Reading {
  if (entry === null) return missing('absent', 'does not exist')
  if (typeof entry === 'object' && isReading(entry)) return entry
  if (source.kind === 'command' && typeof entry === 'string')
    return ok({ stdout: entry, stderr: '', exit: 0 })
  return ok(entry as Payload)
}

/** The path that a key is about, so that `/etc/docker/**` also answers for `stat /etc/docker/daemon.json`. */
const pathOf = (source: Source): string | null =>
  'path' in source && source.kind !== 'unixHttp' ? source.path : null

function lookUp(readings: Readings, wildcards: readonly string[], source: Source): Entry | undefined {
  const key = sourceKey(source)
  if (Object.hasOwn(readings, key)) return readings[key]
  const path = pathOf(source)
  const wildcard = wildcards.find((start) => key.startsWith(start) || path?.startsWith(start))
  return wildcard === undefined ? undefined : readings[`${wildcard}**`]
}

export function memoryHost(readings: Readings): Host {
  const wildcards = Object.keys(readings)
    .filter((key) => key.endsWith('**'))
    .map((key) => key.slice(0, -2))
    .sort((a, b) => b.length - a.length)
  return {
    kind: 'snapshot',
    read: async <S extends Source>(source: S) => {
      const entry = lookUp(readings, wildcards, source)
      const reading =
        entry === undefined ? missing('notRecorded', 'is not in the recording') : expand(source, entry)
      return reading as Reading<S>
    },
  }
}
