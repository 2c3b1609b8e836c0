import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type CommandSource, command } from '../model/source.ts'
import { dataRootFileSystem } from './data-root.ts'

/** `ftype` of the xfs that holds the data root: 1, 0, or null where it is not xfs or xfs_info cannot tell. */
export const xfsFtype: Fact<number | null> = defineFact({
  name: 'xfsFtype',
  about: 'ftype of the xfs that holds the data root; null where it is no xfs or cannot be told.',
  needs: { disk: dataRootFileSystem },
  reads: ({ disk }): Record<string, AsReading<CommandSource>> =>
    disk.mount?.fsType === 'xfs' ? { info: asReading(command(['xfs_info', disk.mount.mountPoint])) } : {},
  reading: '$ xfs_info MOUNTPOINT (where the data root is on xfs)',
  parse: ({ info }) => (info?.state === 'ok' ? parseFtype(info.value.stdout) : null),
})

/** Finds `ftype=1` in what xfs_info prints. */
export function parseFtype(text: string): number | null {
  const digit = /\bftype=(\d)/.exec(text)?.[1]
  return digit === undefined ? null : Number(digit)
}
