/** The plugins of the docker command, and the old docker-compose. */
import { type AsReading, asReading, defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import {
  binaryFile,
  type CommandSource,
  command,
  type DirectorySource,
  directory,
  type FileSource,
  type StatSource,
  stat,
} from '../model/source.ts'
import { clientFolder } from './client-endpoint.ts'
import { parseHead } from './program-heads.ts'
import { EXECUTABLE, program } from './programs.ts'

/** In the order in which they are searched; the user's own come first. @see https://github.com/docker/cli/blob/master/cli-plugins/manager/manager_unix.go */
const FOLDERS = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
] as const

const PLUGIN = /^docker-(compose|buildx)$/

export interface ClientPlugin {
  /** `compose`, `buildx`. */
  readonly name: string
  /** The one of all with that name that the docker command takes. */
  readonly path: string
  readonly state: 'usable' | 'leadsNowhere' | 'notExecutable' | 'hidden'
  /** There is a usable one of the same name further down. */
  readonly hasSpare: boolean
}

interface Candidate {
  readonly name: string
  readonly path: string
}

const candidates: Fact<readonly Candidate[]> = defineFact({
  name: 'pluginCandidates',
  about: 'Files named as plugins of the docker command, in the order in which they are looked for.',
  needs: { folder: clientFolder },
  reads: ({ folder }): Record<string, AsReading<DirectorySource>> =>
    Object.fromEntries(
      [...(folder === null ? [] : [`${folder}/cli-plugins`]), ...FOLDERS].map((path) => [
        path,
        asReading(directory(path)),
      ]),
    ),
  reading: `cli-plugins/ in ~/.docker or $DOCKER_CONFIG, and ${FOLDERS.join('/, ')}/`,
  parse: (listings): readonly Candidate[] =>
    Object.entries(listings).flatMap(([folder, reading]) =>
      (reading.state === 'ok' ? reading.value : []).flatMap((file) => {
        const name = PLUGIN.exec(file)?.[1]
        return name === undefined ? [] : [{ name, path: `${folder}/${file}` }]
      }),
    ),
})

export const clientPlugins: Fact<readonly ClientPlugin[]> = defineFact({
  name: 'clientPlugins',
  about: 'The plugins compose and buildx that the docker command of the judged user finds.',
  needs: { candidates },
  reads: ({ candidates }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(candidates.map(({ path }) => [path, asReading(stat(path))])),
  reading: 'stat of each of those plugins',
  parse: (readings, { candidates }): readonly ClientPlugin[] =>
    [...new Set(candidates.map(({ name }) => name))].flatMap((name) => {
      const states = candidates
        .filter((one) => one.name === name)
        .map(({ path }) => ({ name, path, state: stateOf(readings[path]) }))
      const [first, ...rest] = states
      return first ? [{ ...first, hasSpare: rest.some(({ state }) => state === 'usable') }] : []
    }),
})

/** A name in a listing without a file behind it is a link to something that is gone. */
function stateOf(reading: Reading<StatSource> | undefined): ClientPlugin['state'] {
  if (reading?.state === 'absent') return 'leadsNowhere'
  if (reading?.state !== 'ok') return 'hidden'
  return reading.value.type === 'file' && reading.value.mode & EXECUTABLE ? 'usable' : 'notExecutable'
}

export interface StandaloneCompose {
  readonly path: string
  /** e.g. `1.29.2`, `2.24.5`; empty where it does not say. */
  readonly version: string
}

const composeProgram: Fact<string | null> = program('docker-compose')
const PYTHON = /python/

const composeIsScript: Fact<boolean | null> = defineFact({
  name: 'composeIsScript',
  about:
    'Whether the program docker-compose is a Python script, as version 1 in packages is; null where there is none.',
  needs: { path: composeProgram },
  reads: ({ path }): Record<string, AsReading<FileSource>> =>
    path ? { head: asReading(binaryFile(path, { maxBytes: 64 })) } : {},
  reading: 'the first bytes of docker-compose (where there is one)',
  parse: ({ head }) => {
    if (!head) return null
    const parsed = head.state === 'ok' ? parseHead(Buffer.from(head.value, 'base64')) : null
    return parsed?.kind === 'script' && PYTHON.test(parsed.firstLine)
  },
})

const VERSION: CommandSource = command(['docker-compose', 'version', '--short'])

/** The docker-compose that is a program of its own; asked for its version only where its kind does not tell. */
export const standaloneCompose: Fact<StandaloneCompose | null> = defineFact({
  name: 'standaloneCompose',
  about: 'The program docker-compose and its version; null where there is none.',
  needs: { path: composeProgram, isScript: composeIsScript, plugins: clientPlugins },
  reads: ({ isScript, plugins }): Record<string, OrAbsent<CommandSource>> =>
    isScript === false && !plugins.some(({ name }) => name === 'compose')
      ? { version: orAbsent(VERSION) }
      : {},
  reading: '$ docker-compose version --short (where it is no script, and there is no plugin)',
  parse: ({ version }, { path, isScript }): StandaloneCompose | null => {
    if (path === null) return null
    const said = /^v?(\d+(?:\.\d+)+)/m.exec(version?.stdout ?? '')?.[1]
    return { path, version: isScript ? '1' : (said ?? '') }
  },
})
