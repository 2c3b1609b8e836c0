/** Graph drivers by engine version, and what is left of them under the data root. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type DirectorySource, directory, file } from '../model/source.ts'
import { dataRoot } from './data-root.ts'

export interface GraphDriver {
  readonly name: string
  /** Name in /proc/filesystems that the kernel must have. */
  readonly kernelFileSystem?: string
  /** The data root itself must be of this type. */
  readonly dataRootType?: string
  /** What its `storage-opts` begin with. */
  readonly optionPrefix: string
  /** Works, and nobody should choose it: why. */
  readonly discouraged?: string
}

export const GRAPH_DRIVERS: readonly GraphDriver[] = [
  { name: 'overlay2', kernelFileSystem: 'overlay', optionPrefix: 'overlay2.' },
  { name: 'fuse-overlayfs', optionPrefix: 'fuse-overlayfs.' },
  { name: 'btrfs', kernelFileSystem: 'btrfs', dataRootType: 'btrfs', optionPrefix: 'btrfs.' },
  { name: 'zfs', dataRootType: 'zfs', optionPrefix: 'zfs.' },
  { name: 'vfs', optionPrefix: 'vfs.', discouraged: 'every layer is a full copy, slow and hungry for space' },
  {
    name: 'overlay',
    kernelFileSystem: 'overlay',
    optionPrefix: 'overlay.',
    discouraged: 'it is deprecated, and Docker 24 no longer has it',
  },
  {
    name: 'aufs',
    kernelFileSystem: 'aufs',
    optionPrefix: 'aufs.',
    discouraged: 'it is deprecated, and Docker 24 no longer has it',
  },
  {
    name: 'devicemapper',
    optionPrefix: 'dm.',
    discouraged: 'it is deprecated, and Docker 25 no longer has it',
  },
]

/** Drivers that the daemon counts as "prior" when it chooses; vfs is not among them. */
const PRIOR = GRAPH_DRIVERS.map(({ name }) => name).filter((name) => name !== 'vfs')

/** Names of the file systems that the kernel has ready; a module may bring more. */
export const kernelFileSystems: Fact<ReadonlySet<string>> = defineFact({
  name: 'kernelFileSystems',
  about: 'The file systems that the kernel has ready (/proc/filesystems).',
  reads: { text: file('/proc/filesystems') },
  parse: ({ text }) => new Set(text.split('\n').flatMap((line) => line.trim().split(/\s+/).at(-1) || [])),
})

/** What is left of each driver under the data root. */
export interface DriverData {
  /** Drivers whose folder holds layers, in the daemon's eyes. */
  readonly withLayers: readonly string[]
  /** Drivers that have images recorded. */
  readonly withImages: readonly string[]
}

const imagesOf = (root: string, driver: string): string => `${root}/image/${driver}/imagedb/content/sha256`

/** Null where the data root may not be listed (it is root's own). */
export const driverData: Fact<DriverData | null> = defineFact({
  name: 'driverData',
  about:
    'The storage drivers that have layers or images under the data root; null where it may not be listed.',
  needs: { dataRoot },
  reads: ({ dataRoot }): Record<string, AsReading<DirectorySource>> =>
    Object.fromEntries(
      GRAPH_DRIVERS.flatMap(({ name }) => [
        [name, asReading(directory(`${dataRoot}/${name}`))],
        [`${name} images`, asReading(directory(imagesOf(dataRoot, name)))],
      ]),
    ),
  reading: 'the listing of each storage driver folder under the data root, and of its images',
  parse: (listings) => {
    if (Object.values(listings).some(({ state }) => state === 'denied' || state === 'notRecorded'))
      return null
    const hasEntries = (key: string): boolean => {
      const reading = listings[key]
      return reading?.state === 'ok' && reading.value.length > 0
    }
    return {
      withLayers: PRIOR.filter(hasEntries),
      withImages: GRAPH_DRIVERS.map(({ name }) => name).filter((name) => hasEntries(`${name} images`)),
    }
  },
})
