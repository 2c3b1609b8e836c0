/** The databases that the engine and its containerd open when they start. */
import { type AsReading, asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { binaryFile, type FileSource, type StatSource, sourceKey, stat } from '../model/source.ts'
import { BOLT_HEAD, boltDamage } from './bolt.ts'
import { dataRoot } from './data-root.ts'
import { engineRuns } from './engine-running.ts'

interface Database {
  /** Below the data root. */
  readonly path: string
  /** What is lost with it. */
  readonly holds: string
}

/** Each was damaged for real, and kept Docker 20.10 from starting. */
const DATABASES: readonly Database[] = [
  { path: 'network/files/local-kv.db', holds: 'networks that users made, and which addresses are taken' },
  { path: 'volumes/metadata.db', holds: 'labels and options of volumes (their data stays)' },
  { path: 'buildkit/cache.db', holds: 'the build cache' },
  { path: 'buildkit/metadata_v2.db', holds: 'the build cache' },
  { path: 'buildkit/snapshots.db', holds: 'the build cache' },
  { path: 'buildkit/containerdmeta.db', holds: 'the build cache' },
  { path: 'buildkit/history.db', holds: 'the list of past builds' },
  {
    path: 'containerd/daemon/io.containerd.metadata.v1.bolt/meta.db',
    holds: "containerd's list of containers, and of images where it stores them",
  },
]

export interface DamagedDatabase extends Database {
  readonly reason: string
}

type Readings = Record<string, AsReading<FileSource> | AsReading<StatSource>>

/** A running engine writes to them, and has opened them already: they are looked at only while none runs. */
export const damagedDatabases: Fact<readonly DamagedDatabase[]> = defineFact({
  name: 'damagedDatabases',
  about:
    'The databases that a stopped engine cannot open, with what is wrong with each; empty while one runs.',
  needs: { dataRoot, runs: engineRuns },
  reads: ({ dataRoot, runs }): Readings =>
    Object.fromEntries(
      (runs ? [] : DATABASES).flatMap(({ path }): [string, Readings[string]][] => [
        [path, asReading(binaryFile(`${dataRoot}/${path}`, { maxBytes: BOLT_HEAD }))],
        [`stat ${path}`, asReading(stat(`${dataRoot}/${path}`))],
      ]),
    ),
  reading: `the beginning of ${DATABASES[0]?.path}, volumes/metadata.db and the like under the data root (while no engine runs)`,
  parse: (readings, { dataRoot, runs }): readonly DamagedDatabase[] =>
    (runs ? [] : DATABASES).flatMap(({ path, holds }) => {
      const full = `${dataRoot}/${path}`
      const meta = readings[`stat ${path}`] as Reading<StatSource>
      if (meta.state === 'absent') return []
      if (meta.state !== 'ok') return unavailable(sourceKey(stat(full)), meta)
      const head = readings[path] as Reading<FileSource>
      if (head.state !== 'ok') return unavailable(sourceKey(binaryFile(full)), head)
      const reason = boltDamage(Buffer.from(head.value, 'base64'), meta.value.size)
      return reason === null ? [] : [{ path: full, holds, reason }]
    }),
})
