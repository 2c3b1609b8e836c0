/** Kernel parameters: what runs now, and what the files of sysctl.d make of it at the next boot. */
import { defineFact, type Fact, orAbsent } from '../model/fact.ts'
import { directory, file } from '../model/source.ts'

/**
 * Where a parameter lies under /proc/sys. As in sysctl(8), the first separator decides: `net.ipv4.conf.eth0/1.forwarding`
 * names the interface `eth0.1`.
 */
export function sysctlPath(key: string): string {
  const dotted = /^[^./]*\./.test(key)
  const path = dotted ? key.replace(/[./]/g, (c) => (c === '.' ? '/' : '.')) : key
  return `/proc/sys/${path}`
}

/** The running value, trimmed; null where this kernel has no such parameter. */
export const sysctl = (key: string): Fact<string | null> =>
  defineFact({
    name: `sysctl(${key})`,
    about: `The running value of ${key}; null where the kernel has none.`,
    reads: { value: orAbsent(file(sysctlPath(key))) },
    parse: ({ value }) => value?.trim() ?? null,
  })

/**
 * In the order of precedence: a file hides one of the same name further down.
 * @see https://man7.org/linux/man-pages/man5/sysctl.d.5.html
 */
const FOLDERS = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
] as const

/** One setting in one file. */
export interface Setting {
  readonly key: string
  readonly value: string
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** The line as it stands. */
  readonly text: string
  /** `-key`: excluded from globs, or errors ignored. */
  readonly ignoreErrors: boolean
}

const folders = defineFact({
  name: 'sysctlFolders',
  about: 'The configuration files of sysctl.d in the order in which they are applied; /etc/sysctl.conf last.',
  reads: Object.fromEntries(FOLDERS.map((path) => [path, orAbsent(directory(path))])),
  parse: (listings): readonly string[] => {
    const byName = new Map<string, string>()
    for (const folder of FOLDERS) {
      for (const name of listings[folder] ?? []) {
        if (name.endsWith('.conf') && !byName.has(name)) byName.set(name, `${folder}/${name}`)
      }
    }
    const ordered = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
    return [...ordered, '/etc/sysctl.conf']
  },
})

/** Every setting in every file, in the order in which they are applied: of two for one key the later wins. */
export const sysctlSettings: Fact<readonly Setting[]> = defineFact({
  name: 'sysctlSettings',
  about: 'Every kernel parameter set by sysctl.d files, in order of application.',
  needs: { files: folders },
  reads: ({ files }) => Object.fromEntries(files.map((path) => [path, orAbsent(file(path))])),
  reading: 'each *.conf file of the sysctl.d folders',
  parse: (texts, { files }) => files.flatMap((path) => parseSysctlFile(path, texts[path] ?? '')),
})

/** The setting that decides a parameter at the next boot; null where no file sets it. */
export const persistedSysctl = (key: string): Fact<Setting | null> =>
  defineFact({
    name: `persistedSysctl(${key})`,
    about: `The file and line that decide ${key} at the next boot; null where no file sets it.`,
    needs: { settings: sysctlSettings },
    parse: (_, { settings }) =>
      settings.findLast((setting) => sysctlPath(setting.key) === sysctlPath(key)) ?? null,
  })

/** Parses one file. Lines that are neither a setting nor a comment are passed over, as sysctl does. */
export function parseSysctlFile(path: string, text: string): Setting[] {
  return text.split('\n').flatMap((raw, index) => {
    const match = /^\s*(-?)\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(raw)
    const [, minus, key, value] = match ?? []
    if (!key || value === undefined) return []
    return [{ key, value, file: path, line: index + 1, text: raw, ignoreErrors: minus === '-' }]
  })
}
