/** The programs that make up an engine: where they lie, which of several copies dockerd takes, whether they run. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  type Known,
  maybe,
  type OrAbsent,
  orAbsent,
  unavailable,
} from '../model/fact.ts'
import {
  type CommandSource,
  command,
  environment,
  file,
  type Stat,
  type StatSource,
  sourceKey,
  stat,
} from '../model/source.ts'
import { type RunningEngine, runningEngine } from './engine.ts'
import { EXECUTABLE, PROGRAM_FOLDERS } from './programs.ts'

/** Where dockerd looks for its helpers before PATH. @see https://github.com/moby/moby/blob/v27.0.0/daemon/config/config_linux.go */
const HELPER_FOLDERS = [
  '/usr/local/libexec/docker',
  '/usr/libexec/docker',
  '/usr/local/lib/docker',
  '/usr/lib/docker',
] as const

export interface Copy {
  readonly path: string
  /** The file behind it, links followed. */
  readonly real: string
}

/** A package's two copies of one program agree in both, as runc's do on Ubuntu 24.04. */
const isSameProgram = (one: Stat, other: Stat): boolean =>
  one.size === other.size && one.mtimeMs === other.mtimeMs && one.mtimeMs > 0

/** The different files of one name, the one that is taken first; links to one file and equal copies count once. */
export const copies = (name: string, folders: readonly string[] = PROGRAM_FOLDERS): Fact<readonly Copy[]> =>
  defineFact({
    name: `copies(${name}${folders === PROGRAM_FOLDERS ? '' : ' and helpers'})`,
    about: `Where ${name} lies in ${folders.join(':')}, the one that is taken first.`,
    reads: Object.fromEntries(folders.map((folder) => [folder, asReading(stat(`${folder}/${name}`))])),
    parse: (readings): readonly Copy[] => {
      const found = new Map<string, Copy & { readonly stat: Stat }>()
      for (const folder of folders) {
        const path = `${folder}/${name}`
        const reading = readings[folder]
        if (!reading || reading.state === 'absent') continue
        if (reading.state !== 'ok') return unavailable(sourceKey(stat(path)), reading)
        const real = reading.value.realPath ?? path
        const runs = reading.value.type === 'file' && (reading.value.mode & EXECUTABLE) !== 0
        const isKnown = [...found.values()].some((copy) => isSameProgram(copy.stat, reading.value))
        if (runs && !found.has(real) && !isKnown) found.set(real, { path, real, stat: reading.value })
      }
      return [...found.values()].map(({ path, real }) => ({ path, real }))
    },
  })

export const helperCopies = (name: string): Fact<readonly Copy[]> =>
  copies(name, [...HELPER_FOLDERS, ...PROGRAM_FOLDERS])

/** Whether a program starts at all, and what it says of itself. */
export type Trial =
  | { readonly state: 'none' }
  | { readonly state: 'runs'; readonly path: string; readonly says: string }
  | { readonly state: 'broken'; readonly path: string; readonly reason: string }

/** Runs `PROGRAM --version` of the copy that is taken; a part of an engine that answers has proved itself. */
export const trial = (name: string): Fact<Trial> =>
  defineFact({
    name: `trial(${name})`,
    about: `What ${name} --version says, or why it does not start.`,
    needs: { copies: copies(name), engine: maybe(runningEngine) },
    reads: ({ copies: [first], engine }): Record<string, AsReading<CommandSource>> =>
      first && !partOf(engine, name) ? { version: asReading(command([first.path, '--version'])) } : {},
    reading: `$ ${name} --version (where the engine does not answer)`,
    parse: ({ version }, { copies: [first], engine }): Trial => {
      const says = partOf(engine, name)
      if (first && says) return { state: 'runs', path: first.path, says }
      if (!first || !version || version.state === 'absent') return { state: 'none' }
      const { path } = first
      if (version.state === 'failed') return { state: 'broken', path, reason: version.reason }
      if (version.state !== 'ok') return unavailable(`$ ${path} --version`, version)
      const { exit, stdout, stderr } = version.value
      const reason = stderr.trim().split('\n')[0] || 'no message'
      return exit === 0
        ? { state: 'runs', path, says: stdout.trim() }
        : { state: 'broken', path, reason: `exit ${exit}: ${reason}` }
    },
  })

/** What the running engine says of one of its parts, which it asks anew each time: `runc version 1.1.5`; null where it gets no answer (`N/A`). */
function partOf(engine: Known<RunningEngine | null>, name: string): string | null {
  const version = engine.known ? engine.value?.version.components.get(name) : undefined
  return version && /^v?\d/.test(version) ? `${name} version ${version}` : null
}

const userPath: Fact<readonly string[]> = defineFact({
  name: 'userPath',
  about: 'The folders of PATH in which this process would look for programs.',
  reads: { path: orAbsent(environment('PATH')) },
  parse: ({ path }): readonly string[] => (path ?? '').split(':').filter((folder) => folder.startsWith('/')),
})

/** The docker command, also in folders that only the user's PATH names; null where there is none. */
export const dockerClient: Fact<string | null> = defineFact({
  name: 'dockerClient',
  about: 'Where the docker command lies; null where it is not installed.',
  needs: { folders: userPath },
  reads: ({ folders }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      [...PROGRAM_FOLDERS, '/snap/bin', ...folders].map((folder) => [
        folder,
        asReading(stat(`${folder}/docker`)),
      ]),
    ),
  reading: 'docker in each folder of PATH',
  parse: (readings): string | null => {
    const found = Object.entries(readings).find(
      ([, reading]) => reading.state === 'ok' && reading.value.type === 'file',
    )
    return found ? `${found[0]}/docker` : null
  },
})

/** A script of a few lines, where the real client has tens of MB. */
const LONGEST_SCRIPT = 4096

const dockerScript: Fact<string | null> = defineFact({
  name: 'dockerScript',
  about: 'Where the docker command lies, if it is small enough to be a script.',
  needs: { client: dockerClient },
  reads: ({ client }): Record<string, OrAbsent<StatSource>> =>
    client === null ? {} : { docker: orAbsent(stat(client)) },
  reading: 'stat of the docker command',
  parse: ({ docker }, { client }) =>
    docker?.type === 'file' && docker.size < LONGEST_SCRIPT ? client : null,
})

/** The docker command is podman's stand-in for it. @see https://github.com/containers/podman/blob/main/docker/docker.in */
export const isPodmanStandIn: Fact<boolean> = defineFact({
  name: 'podmanStandIn',
  about: 'The docker command is a script that calls podman.',
  needs: { script: dockerScript },
  reads: ({ script }): Record<string, AsReading<ReturnType<typeof file>>> =>
    script ? { text: asReading(file(script)) } : {},
  reading: 'the docker command, where it is a script',
  parse: ({ text }) => text?.state === 'ok' && /^#!.*\n[\s\S]*podman/.test(text.value),
})
