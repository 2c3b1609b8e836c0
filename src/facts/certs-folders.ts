/** /etc/docker/certs.d: the certificates that the engine uses for single registries. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  maybe,
  orAbsent,
  unavailable,
} from '../model/fact.ts'
import { type DirectorySource, directory, type FileSource, file } from '../model/source.ts'
import { engineState } from './engine.ts'
import { REGISTRY_NAME } from './image-names.ts'

/** @see https://docs.docker.com/engine/security/certificates/ */
export const CERTS = '/etc/docker/certs.d'

/** Why the running engine does not trust what {@link CERTS} and this system's store hold; null where it does. */
export const trustsElsewhere: Fact<string | null> = defineFact({
  name: 'trustsElsewhere',
  about: `Why ${CERTS} says nothing of what the running engine trusts; null where it does.`,
  needs: { state: maybe(engineState) },
  parse: (_, { state }): string | null => {
    if (state.known && state.value.state === 'elsewhere')
      return `${state.value.product} stands in for the engine, with certificates of its own`
    const info = state.known && state.value.state === 'answers' ? state.value.engine.info : undefined
    if (info?.dataRoot.startsWith('/var/snap/'))
      return "the engine is a snap, which keeps its registries' certificates elsewhere"
    return info?.rootless ? "a rootless engine keeps its registries' certificates elsewhere" : null
  },
})

export interface CertsFolder {
  /** The registry it is for: `host` or `host:port`. */
  readonly name: string
  readonly path: string
  readonly files: readonly string[]
}

const listed: Fact<readonly string[]> = defineFact({
  name: 'certsFolderNames',
  about: `The names in ${CERTS} that can be those of registries.`,
  reads: { names: orAbsent(directory(CERTS)) },
  parse: ({ names }): readonly string[] =>
    (names ?? []).map((name) => name.replace(/\/$/, '')).filter((name) => REGISTRY_NAME.test(name)),
})

/** Folders with a hosts.toml are left out: that file says by itself what is trusted, and where the registry is. */
export const certsFolders: Fact<readonly CertsFolder[]> = defineFact({
  name: 'certsFolders',
  about: `The folders of ${CERTS}, each for one registry, and the files in them.`,
  needs: { listed },
  reads: ({ listed }): Record<string, AsReading<DirectorySource>> =>
    Object.fromEntries(listed.map((name) => [name, asReading(directory(`${CERTS}/${name}`))])),
  reading: `the folders of ${CERTS}`,
  parse: (readings): readonly CertsFolder[] =>
    Object.entries(readings).flatMap(([name, reading]) => {
      const path = `${CERTS}/${name}`
      if (reading.state === 'denied' || reading.state === 'notRecorded') unavailable(path, reading)
      if (reading.state !== 'ok' || reading.value.includes('hosts.toml')) return []
      return [{ name, path, files: reading.value }]
    }),
})

/** A file of a client's certificate whose other half is not there. */
export interface HalfPair {
  readonly folder: CertsFolder
  readonly file: string
  readonly missing: string
  /** It is the same as this file, so it is a copy of an authority's certificate. */
  readonly copyOf: string | null
}

/** With one of these the engine refuses to talk to the registry. @see https://github.com/moby/moby/blob/docker-v28.5.2/registry/registry.go */
function halves(folder: CertsFolder): HalfPair[] {
  return folder.files.flatMap((name) => {
    const missing = name.endsWith('.cert')
      ? name.replace(/cert$/, 'key')
      : name.endsWith('.key')
        ? name.replace(/key$/, 'cert')
        : undefined
    if (!missing || folder.files.includes(missing)) return []
    return [{ folder, file: name, missing, copyOf: null }]
  })
}

const authorities = ({ files }: CertsFolder): string[] => files.filter((name) => name.endsWith('.crt'))

/** Key files are never read. */
export const halfPairs: Fact<readonly HalfPair[]> = defineFact({
  name: 'certsHalfPairs',
  about:
    "Certificates of clients in certs.d that lack their key, and keys that lack their certificate's file.",
  needs: { folders: certsFolders },
  reads: ({ folders }): Record<string, AsReading<FileSource>> =>
    Object.fromEntries(
      folders
        .flatMap(halves)
        .filter(({ file }) => file.endsWith('.cert'))
        .flatMap(({ folder, file: own }) =>
          [own, ...authorities(folder)].map((name) => `${folder.path}/${name}`),
        )
        .map((path) => [path, asReading(file(path))]),
    ),
  reading: 'certificates of clients in certs.d that have no key',
  parse: (texts, { folders }): readonly HalfPair[] => {
    const textOf = (path: string): string => {
      const reading = texts[path]
      return reading?.state === 'ok' ? reading.value.trim() : ''
    }
    return folders.flatMap(halves).map((half) => {
      const text = textOf(`${half.folder.path}/${half.file}`)
      const same = authorities(half.folder).find(
        (name) => text && textOf(`${half.folder.path}/${name}`) === text,
      )
      return { ...half, copyOf: same ?? null }
    })
  },
})
