/** Which interfaces a .network file of systemd-networkd is for. @see https://www.freedesktop.org/software/systemd/man/latest/systemd.network.html#%5BMatch%5D%20Section%20Options */
import { all, any, fromBoolean, not, type Ternary } from './path/ternary.ts'

export interface NetworkFile {
  readonly path: string
  /** Values by key of the section `[Match]`, split at blanks. */
  readonly match: ReadonlyMap<string, readonly string[]>
  /** `Unmanaged=yes`: networkd is told to leave what it is for alone. */
  readonly unmanaged: boolean
}

/** An interface, as far as a virtual one can be told by a file. */
export interface LinkKind {
  readonly name: string
  readonly type: 'ether' | 'bridge'
  /** Also the name of its driver. */
  readonly kind: 'veth' | 'bridge'
}

/** Never throws. */
export function parseNetworkFile(path: string, text: string): NetworkFile {
  const match = new Map<string, readonly string[]>()
  let section = ''
  let unmanaged = false
  for (const line of text.split('\n').map((one) => one.trim())) {
    section = /^\[(\w+)\]$/.exec(line)?.[1] ?? section
    const [, key, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? []
    if (key === undefined) continue
    if (section === 'Link' && key === 'Unmanaged') unmanaged = /^(?:yes|true|on|1)$/i.test(value)
    if (section !== 'Match') continue
    const words = value.split(/\s+/).filter(Boolean)
    // An empty value forgets what was said before.
    match.set(key, words.length === 0 ? [] : [...(match.get(key) ?? []), ...words])
  }
  return { path, match, unmanaged }
}

/** A file without conditions is for nothing. */
export function isFor({ match }: NetworkFile, link: LinkKind): Ternary {
  const conditions = [...match].filter(([, values]) => values.length > 0)
  if (conditions.length === 0) return 'no'
  return all(conditions.map(([key, values]) => holds(key, values, link)))
}

/** What only hardware has: a file that asks for it is not for a virtual interface. */
const OF_HARDWARE: ReadonlySet<string> = new Set([
  'MACAddress',
  'PermanentMACAddress',
  'Path',
  'Firmware',
  'WLANInterfaceType',
  'SSID',
  'BSSID',
])

function holds(key: string, values: readonly string[], { name, type, kind }: LinkKind): Ternary {
  if (key === 'Name') return listed(values, name)
  if (key === 'Type') return listed(values, type)
  if (key === 'Kind' || key === 'Driver') return listed(values, kind)
  if (OF_HARDWARE.has(key)) return values[0]?.startsWith('!') ? 'maybe' : 'no'
  return 'maybe'
}

/** A `!` before the first pattern turns the whole list around. */
function listed(values: readonly string[], text: string): Ternary {
  const inverted = values[0]?.startsWith('!') ?? false
  const patterns = values.map((value) => value.replace(/^!/, ''))
  const found = any(patterns.map((pattern) => fromBoolean(globMatches(pattern, text))))
  return inverted ? not(found) : found
}

/** fnmatch(3): `*`, `?` and `[a-f]`. Never throws. */
export function globMatches(pattern: string, text: string): boolean {
  const source = pattern.replace(/\[(!?)([\w-]+)\]|[\s\S]/g, (one, negated?: string, set?: string) => {
    if (set !== undefined) return `[${negated ? '^' : ''}${set.replace(/^-|-$/g, '\\-')}]`
    if (one === '*') return '.*'
    return one === '?' ? '.' : one.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  })
  try {
    return new RegExp(`^${source}$`).test(text)
  } catch {
    return false
  }
}
