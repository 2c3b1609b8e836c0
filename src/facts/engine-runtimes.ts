/** The runtimes that dockerd is configured with, and whether their programs are there. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type StatSource, stat } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import { recordOf, textOf } from './json.ts'
import { PROGRAM_FOLDERS } from './programs.ts'

export interface Runtime {
  readonly name: string
  /** A path, or a name to be looked up in PATH; empty for one of containerd's own types. */
  readonly program: string
}

export interface Runtimes {
  /** The default one's name. */
  readonly chosen: string
  readonly defined: readonly Runtime[]
}

const configured: Fact<Runtimes> = defineFact({
  name: 'configuredRuntimes',
  about: 'The default runtime, and those that daemon.json or --add-runtime define.',
  needs: { settings: daemonSettings },
  parse: (_, { settings }): Runtimes => {
    const inFile = Object.entries(recordOf(settings.get('runtimes'))).map(([name, value]) => ({
      name,
      program: textOf(recordOf(value).path),
    }))
    const flagged = (settings.commandLine?.flags ?? []).flatMap(({ name, value }) => {
      const [, label, program] = /^([^=]+)=(.+)$/.exec(name === 'add-runtime' ? value : '') ?? []
      return label && program ? [{ name: label, program }] : []
    })
    return { chosen: textOf(settings.get('default-runtime')) || 'runc', defined: [...inFile, ...flagged] }
  },
})

export interface RuntimeState extends Runtime {
  /** null where it cannot be seen. */
  readonly exists: boolean | null
}

export interface JudgedRuntimes {
  readonly chosen: string
  /** Somebody defines the default one, or it is one that every engine has. */
  readonly isKnown: boolean
  readonly defined: readonly RuntimeState[]
}

/** Names that need no definition: runc, and containerd's shims by type. @see https://docs.docker.com/engine/daemon/alternative-runtimes/ */
const isBuiltIn = (name: string): boolean => name === 'runc' || name.startsWith('io.containerd.')

const placesOf = (program: string): readonly string[] =>
  program.startsWith('/')
    ? [program]
    : program === ''
      ? []
      : PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`)

export const runtimes: Fact<JudgedRuntimes> = defineFact({
  name: 'runtimes',
  about: 'The configured runtimes, and whether their programs exist.',
  needs: { configured },
  reads: ({ configured }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      configured.defined
        .flatMap(({ program }) => placesOf(program))
        .map((path) => [path, asReading(stat(path))]),
    ),
  reading: 'the program of each configured runtime',
  parse: (readings, { configured: { chosen, defined } }): JudgedRuntimes => ({
    chosen,
    isKnown: isBuiltIn(chosen) || defined.some(({ name }) => name === chosen),
    defined: defined.map((runtime) => {
      const states = placesOf(runtime.program).map((path) => readings[path]?.state)
      const exists =
        states.length === 0 || states.includes('ok')
          ? true
          : states.every((state) => state === 'absent')
            ? false
            : null
      return { ...runtime, exists }
    }),
  }),
})
