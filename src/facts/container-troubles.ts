/** What keeps containers from running, as far as this host is the reason. */
import { type AsReading, asReading, defineFact, type Fact, maybe } from '../model/fact.ts'
import { type DirectorySource, directory } from '../model/source.ts'
import { bindStats, type RefusedFolder, refusedFolders } from './container-access.ts'
import { type ContainerMount, type InspectedContainer, inspectedContainers } from './inspected-containers.ts'
import { programHeads } from './program-heads.ts'

export type ContainerTrouble = { readonly one: InspectedContainer } & (
  | { readonly kind: 'oomKilled' }
  | { readonly kind: 'crlf'; readonly path: string; readonly file: string }
  /** A folder where a file should be: made by the engine, because nothing was there. */
  | { readonly kind: 'notAFile'; readonly source: string; readonly destination: string }
  | { readonly kind: 'bindMissing'; readonly source: string }
  | { readonly kind: 'bindRefused'; readonly folder: RefusedFolder }
  | { readonly kind: 'bindEmpty'; readonly source: string; readonly destination: string }
  | { readonly kind: 'cannotStart' }
  | { readonly kind: 'loops' }
)

/** The engine makes a missing folder of a bind in the moment in which it creates the container. Our own choice of what a moment is. */
const MOMENT_MS = 5_000
/** A name that is meant to be a file's. Folders such as `conf.d` have such endings, too, but not these. */
const FILE_NAME =
  /\.(?:conf|cfg|cnf|config|ini|ya?ml|json|toml|xml|env|properties|sh|py|js|php|lua|sql|pem|crt|cer|key|txt|html?)$/i

const unlikelyFolder = ({ source, writable }: ContainerMount): boolean => !writable || FILE_NAME.test(source)

/** Binds whose folder is as old as the container: the engine may have made it. */
const madeFolders: Fact<ReadonlySet<string>> = defineFact({
  name: 'madeFolders',
  about: 'Empty folders that the engine made for a container, because what it mounts was not there.',
  needs: { inspected: inspectedContainers, stats: bindStats },
  reads: ({ inspected, stats }): Record<string, AsReading<DirectorySource>> =>
    Object.fromEntries(
      inspected.flatMap(({ binds, createdMs }) =>
        binds
          .filter(unlikelyFolder)
          .filter(({ source }) => {
            const meta = stats.get(source)
            return (
              meta?.type === 'directory' && meta.uid === 0 && Math.abs(meta.mtimeMs - createdMs) < MOMENT_MS
            )
          })
          .map(({ source }) => [source, asReading(directory(source))]),
      ),
    ),
  reading:
    'folders that containers mount read-only, or by the name of a file, and that are as old as the container',
  parse: (readings): ReadonlySet<string> =>
    new Set(
      Object.entries(readings).flatMap(([path, reading]) =>
        reading.state === 'ok' && reading.value.length === 0 ? [path] : [],
      ),
    ),
})

/** Seconds that a container which fails again and again has run for; `Up About a minute` is no such. */
const JUST_STARTED = /^Up (?:Less than a second|\d+ seconds?)/
/** Fewer may be a service that waited for another one. Our own choice. */
const LOOPS_FROM = 3

function isLoop({ container: { state, status }, restarts }: InspectedContainer): boolean {
  return restarts >= LOOPS_FROM && (state === 'restarting' || JUST_STARTED.test(status))
}

export const containerTroubles: Fact<readonly ContainerTrouble[]> = defineFact({
  name: 'containerTroubles',
  about: 'What keeps containers from running, as far as this host is the reason; one thing per container.',
  needs: {
    inspected: inspectedContainers,
    stats: bindStats,
    made: madeFolders,
    heads: maybe(programHeads),
    refused: maybe(refusedFolders),
  },
  parse: (_, { inspected, stats, made, heads, refused }): readonly ContainerTrouble[] =>
    inspected.flatMap((one): ContainerTrouble[] => {
      const { container, binds, error, inTrouble } = one
      if (one.oomKilled) return [{ one, kind: 'oomKilled' }]
      const notAFile = binds.find(({ source }) => error.includes(`"${source}"`) && NOT_A_FILE.test(error))
      if (inTrouble && notAFile) return [{ one, kind: 'notAFile', ...notAFile }]
      const absent = binds.find(({ source, mustExist }) => mustExist && stats.get(source) === null)
      if (inTrouble && absent) return [{ one, kind: 'bindMissing', source: absent.source }]
      const program = heads.known ? heads.value.get(container.id) : undefined
      if (program?.head.kind === 'script' && program.head.firstLine.endsWith('\r'))
        return [{ one, kind: 'crlf', path: program.path, file: program.file }]
      const folder = refused.known
        ? refused.value.find(({ containerId }) => containerId === container.id)
        : undefined
      if (folder) return [{ one, kind: 'bindRefused', folder }]
      const empty = binds.find(({ source }) => made.has(source))
      if (empty) return [{ one, kind: 'bindEmpty', ...empty }]
      if (inTrouble && error !== '') return [{ one, kind: 'cannotStart' }]
      return isLoop(one) ? [{ one, kind: 'loops' }] : []
    }),
})

const NOT_A_FILE = /not a directory|is a directory|mount a directory onto a file/
