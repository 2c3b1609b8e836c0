/** Where programs lie, looked up as dockerd would: in the fixed PATH, without running anything. */
import { asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import { sourceKey, stat } from '../model/source.ts'

/** In the order of systemd's default PATH for services. @see https://www.freedesktop.org/software/systemd/man/systemd.exec.html */
export const PROGRAM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
] as const

/** Any of the permission bits that make a file a program. */
export const EXECUTABLE = 0o111

/** The path at which a program is found first; null where none of the folders has it. */
export const program = (name: string): Fact<string | null> =>
  defineFact({
    name: `program(${name})`,
    about: `Where ${name} lies in ${PROGRAM_FOLDERS.join(':')}; null where it is not installed.`,
    reads: Object.fromEntries(
      PROGRAM_FOLDERS.map((folder) => [folder, asReading(stat(`${folder}/${name}`))]),
    ),
    parse: (readings): string | null => {
      for (const folder of PROGRAM_FOLDERS) {
        const reading = readings[folder]
        if (!reading || reading.state === 'absent') continue
        const path = `${folder}/${name}`
        if (reading.state !== 'ok') return unavailable(sourceKey(stat(path)), reading)
        if (reading.value.type === 'file' && reading.value.mode & EXECUTABLE) return path
      }
      return null
    },
  })

/** Several programs at once, by name. */
export const programs = (...names: readonly string[]): Fact<ReadonlyMap<string, string | null>> =>
  defineFact({
    name: `programs(${names.join(' ')})`,
    about: `Where ${names.join(', ')} lie; null for those that are not installed.`,
    needs: Object.fromEntries(names.map((name) => [name, program(name)])),
    parse: (_, found): ReadonlyMap<string, string | null> =>
      new Map(names.map((name) => [name, found[name] ?? null])),
  })
