/** Where the engine keeps images and containers, and the file system beneath it. */
import { defineFact, type Fact, maybe, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type Statfs, type StatfsSource, type StatSource, stat, statfs } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { runningEngine } from './engine.ts'
import { textOf } from './json.ts'
import { type Mount, mountOf, mounts } from './mountinfo.ts'

export const DEFAULT_DATA_ROOT = '/var/lib/docker'

/** The folder: of the running engine, else as configured (`data-root`, or its old name `graph`), else the default. */
export const dataRoot: Fact<string> = defineFact({
  name: 'dataRoot',
  about: "The engine's data folder.",
  needs: { running: maybe(runningEngine), settings: maybe(daemonSettings) },
  parse: (_, { running, settings }) => {
    const told = running.known && running.value?.info.dataRoot
    const configured =
      settings.known && (textOf(settings.value.get('data-root')) || textOf(settings.value.get('graph')))
    const path = told || configured || DEFAULT_DATA_ROOT
    return path.startsWith('/') ? path.replace(/\/+$/, '') || '/' : DEFAULT_DATA_ROOT
  },
})

export interface FileSystem {
  /** The folder that was asked about. */
  readonly path: string
  /** The folder, or where it does not exist the nearest one above it. */
  readonly existing: string
  readonly exists: boolean
  readonly mount: Mount | null
  readonly bytes: {
    readonly total: number
    readonly available: number /** As df counts it. */
    readonly usedPercent: number
  }
  readonly inodes: { readonly total: number; readonly free: number; readonly usedPercent: number }
}

const ancestors = (path: string): string[] => {
  const parts = path.split('/').filter(Boolean)
  return [...parts.map((_, i) => `/${parts.slice(0, parts.length - i).join('/')}`), '/']
}

type Placed = Record<string, OrAbsent<StatfsSource> | OrAbsent<StatSource>>

/** The file system that holds a folder, whether or not the folder exists yet. */
export const fileSystemOf = (name: string, folder: Fact<string>): Fact<FileSystem> =>
  defineFact({
    name: `fileSystemOf(${name})`,
    about: `The file system that holds ${name}: its mount, bytes and inodes.`,
    needs: { folder, mounts },
    reads: ({ folder }): Placed =>
      Object.fromEntries(
        ancestors(folder).flatMap((path): [string, Placed[string]][] => [
          [`statfs ${path}`, orAbsent(statfs(path))],
          [`stat ${path}`, orAbsent(stat(path))],
        ]),
      ),
    reading: `stat and statfs of ${name} and the folders above it`,
    parse: (readings, { folder, mounts }): FileSystem => {
      const existing = ancestors(folder).find((path) => readings[`statfs ${path}`]) ?? '/'
      const space = readings[`statfs ${existing}`] as Statfs
      const meta = readings[`stat ${existing}`] as { realPath?: string } | null
      return {
        path: folder,
        existing,
        exists: existing === folder,
        mount: mountOf(mounts, meta?.realPath ?? existing),
        bytes: bytesOf(space),
        inodes: {
          total: space.files,
          free: space.ffree,
          usedPercent: percent(space.files - space.ffree, space.files),
        },
      }
    },
  })

function bytesOf({ bsize, blocks, bfree, bavail }: Statfs): FileSystem['bytes'] {
  const used = blocks - bfree
  return { total: blocks * bsize, available: bavail * bsize, usedPercent: percent(used, used + bavail) }
}

/** Rounded up, as df does; 0 of nothing. */
const percent = (part: number, whole: number): number => (whole > 0 ? Math.ceil((part / whole) * 100) : 0)

export const dataRootFileSystem: Fact<FileSystem> = fileSystemOf('the data root', dataRoot)
