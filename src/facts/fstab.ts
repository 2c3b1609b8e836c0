import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { file } from '../model/source.ts'

export interface FstabEntry {
  readonly device: string
  readonly mountPoint: string
  readonly type: string
  readonly options: readonly string[]
  /** Not mounted at boot: `noauto`, or only on demand by systemd. */
  readonly noauto: boolean
  /** The whole line, as it stands. */
  readonly line: string
}

/** What /etc/fstab says should be mounted; empty where there is no such file. */
export const fstab: Fact<readonly FstabEntry[]> = defineFact({
  name: 'fstab',
  about: 'The file systems that /etc/fstab lists.',
  reads: { text: orAbsent(file('/etc/fstab')) },
  parse: ({ text }) => parseFstab(text ?? ''),
})

/** Parses fstab(5); lines that are not of its form are passed over. */
export function parseFstab(text: string): FstabEntry[] {
  return text.split('\n').flatMap((line) => {
    const [device, mountPoint, type, options = ''] = line.trim().split(/\s+/)
    if (!device || device.startsWith('#') || !mountPoint?.startsWith('/') || !type) return []
    const list = options.split(',')
    const noauto = list.includes('noauto') || list.includes('x-systemd.automount')
    const unescaped = mountPoint.replace(/\\040/g, ' ')
    return [{ device, mountPoint: unescaped.replace(/(.)\/+$/, '$1'), type, options: list, noauto, line }]
  })
}

/** The entry whose file system holds a path: of those above it the deepest. */
export function entryOf(entries: readonly FstabEntry[], path: string): FstabEntry | null {
  const above = entries.filter(
    ({ mountPoint }) => mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`),
  )
  return above.sort((a, b) => a.mountPoint.length - b.mountPoint.length).at(-1) ?? null
}
