/** Programs of other machines that the kernel hands to an emulator. */
import { type AsReading, asReading, defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type DirectorySource, directory, type FileSource, file } from '../model/source.ts'
import { parseElfHeader } from './arch.ts'

const FOLDER = '/proc/sys/fs/binfmt_misc'
/** Distributions register some thirty. */
const MOST = 64

export interface Emulator {
  readonly name: string
  /** The machine whose programs it runs, as `uname -m` prints it. */
  readonly arch: string
  readonly interpreter: string
  /** Opened when it was registered (flag F), so that it also serves where its file cannot be seen: in containers. */
  readonly servesContainers: boolean
}

const names: Fact<readonly string[]> = defineFact({
  name: 'binfmtNames',
  about: 'The names under which the kernel knows foreign kinds of programs.',
  reads: { list: orAbsent(directory(FOLDER)) as OrAbsent<DirectorySource> },
  parse: ({ list }): readonly string[] =>
    (list ?? []).filter((name) => !/^(register|status)$|\/$/.test(name)).slice(0, MOST),
})

export const emulators: Fact<readonly Emulator[]> = defineFact({
  name: 'emulators',
  about: 'The emulators of other machines that are registered with the kernel and enabled.',
  needs: { names },
  reads: ({ names }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(names.map((name) => [name, asReading(file(`${FOLDER}/${name}`))])),
  reading: `each file of ${FOLDER}/`,
  parse: (readings): readonly Emulator[] =>
    Object.entries(readings).flatMap(([name, reading]) => {
      const emulator = reading.state === 'ok' ? parseBinfmt(name, reading.value) : null
      return emulator ? [emulator] : []
    }),
})

/** Parses a file of binfmt_misc; null where it is disabled, or not for ELF programs. @see https://docs.kernel.org/admin-guide/binfmt-misc.html */
export function parseBinfmt(name: string, text: string): Emulator | null {
  const field = (key: string): string => new RegExp(`^${key}:?[ \\t]+(\\S+)`, 'm').exec(text)?.[1] ?? ''
  if (!/^enabled$/m.test(text) || field('offset') !== '0') return null
  const header = parseElfHeader(Buffer.from(field('magic'), 'hex'))
  return header
    ? {
        name,
        arch: header.arch,
        interpreter: field('interpreter'),
        servesContainers: field('flags').includes('F'),
      }
    : null
}
