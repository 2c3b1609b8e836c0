/** A systemd unit as systemd would load it: the fragment, then its drop-ins. */
import { asReading, defineFact, type Fact, orAbsent, unavailable } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { directory, type FileSource, file, type Stat, stat } from '../model/source.ts'

/** The control groups of a system unit, in either hierarchy: one is there as long as the unit runs. */
export const unitGroups = (unit: string): readonly string[] =>
  ['/sys/fs/cgroup', '/sys/fs/cgroup/systemd'].map((root) => `${root}/system.slice/${unit}`)

export interface Directive {
  readonly section: string
  readonly key: string
  readonly value: string
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** The line as it stands; null where it goes on in the next. */
  readonly text: string | null
}

export interface Unit {
  readonly name: string
  /** The unit file; null where the unit does not exist. */
  readonly fragment: string | null
  /** Linked to /dev/null, or empty: systemd refuses to start it. */
  readonly masked: boolean
  readonly dropIns: readonly string[]
  /** In the order in which systemd reads them. */
  readonly directives: readonly Directive[]
}

/** Where units lie, highest precedence first. @see https://www.freedesktop.org/software/systemd/man/systemd.unit.html */
export const UNIT_FOLDERS = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
] as const

/** A link to /dev/null, or an empty file. */
export const isMask = ({ realPath, type, size }: Stat): boolean =>
  realPath === '/dev/null' || type === 'character' || size === 0

/** Drop-ins by file name: of two with one name the higher folder wins. */
const dropInFiles = (unit: string): Fact<readonly string[]> =>
  defineFact({
    name: `dropIns(${unit})`,
    about: `The drop-in files of ${unit}, in the order in which they are read.`,
    reads: Object.fromEntries(
      UNIT_FOLDERS.map((folder) => [folder, orAbsent(directory(`${folder}/${unit}.d`))]),
    ),
    parse: (listings): readonly string[] => {
      const byName = new Map<string, string>()
      for (const folder of UNIT_FOLDERS) {
        for (const name of listings[folder] ?? []) {
          if (name.endsWith('.conf') && !byName.has(name)) byName.set(name, `${folder}/${unit}.d/${name}`)
        }
      }
      return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
    },
  })

/** A unit's files, merged. */
export const systemdUnit = (unit: string): Fact<Unit> =>
  defineFact({
    name: `systemdUnit(${unit})`,
    about: `${unit} with its drop-ins, as systemd would load it.`,
    needs: { dropIns: dropInFiles(unit) },
    reads: ({ dropIns }) => ({
      ...Object.fromEntries(dropIns.map((path) => [path, asReading(file(path))])),
      ...Object.fromEntries(
        UNIT_FOLDERS.map((folder) => [`${folder}/${unit}`, asReading(file(`${folder}/${unit}`))]),
      ),
      ...Object.fromEntries(
        UNIT_FOLDERS.map((folder) => [`stat ${folder}/${unit}`, orAbsent(stat(`${folder}/${unit}`))]),
      ),
    }),
    reading: `${unit} in the systemd folders, and each *.conf of its drop-in folders`,
    parse: (readings, { dropIns }): Unit => {
      const given = readings as Readonly<Record<string, Reading<FileSource> | Stat | null>>
      const textOf = (path: string): string => contentOf(path, given[path] as Reading<FileSource>)
      const added = dropIns.flatMap((path) => parseUnit(path, textOf(path)))
      const fragment = UNIT_FOLDERS.map((folder) => `${folder}/${unit}`).find((path) => given[`stat ${path}`])
      if (!fragment) return { name: unit, fragment: null, masked: false, dropIns, directives: added }
      const meta = given[`stat ${fragment}`] as Stat
      const masked = isMask(meta)
      const own = masked ? [] : parseUnit(fragment, textOf(fragment))
      return { name: unit, fragment, masked, dropIns, directives: masked ? [] : [...own, ...added] }
    },
  })

/** A drop-in that leads nowhere, or to /dev/null, says nothing; one that may not be read could say anything. */
function contentOf(path: string, reading: Reading<FileSource>): string {
  if (reading.state === 'ok') return reading.value
  return reading.state === 'absent' || reading.state === 'failed' ? '' : unavailable(path, reading)
}

/** Parses one unit file. Lines that end in a backslash go on in the next. Never throws. */
export function parseUnit(path: string, text: string): Directive[] {
  const directives: Directive[] = []
  let section = ''
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = i + 1
    let full = lines[i] ?? ''
    if (/^\s*[#;]/.test(full)) continue
    while (full.endsWith('\\') && i + 1 < lines.length) {
      i++
      const next = lines[i] ?? ''
      full = /^\s*[#;]/.test(next) ? full : `${full.slice(0, -1)} ${next.trim()}`
    }
    const heading = /^\s*\[([^\]]+)\]\s*$/.exec(full)?.[1]
    if (heading) section = heading
    const [, key, value] = /^\s*([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*?)\s*$/.exec(full) ?? []
    const text = line === i + 1 ? (lines[i] ?? '') : null
    if (key && value !== undefined) directives.push({ section, key, value, file: path, line, text })
  }
  return directives
}

/** The values of a list directive such as `ExecStart`, after the resets that an empty assignment makes. */
export function unitValues(unit: Unit, key: string): readonly Directive[] {
  const all = unit.directives.filter((directive) => directive.key === key)
  const reset = all.findLastIndex(({ value }) => value === '')
  return all.slice(reset + 1)
}
