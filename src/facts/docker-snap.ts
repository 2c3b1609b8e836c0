/** The docker snap: whether it is the engine, and what its confinement keeps it from seeing. */
import { parse as parseJson } from 'jsonc-parser'
import { type AsReading, asReading, defineFact, type Fact, maybe, orAbsent } from '../model/fact.ts'
import { type FileSource, file, type StatSource, stat } from '../model/source.ts'
import { dockerdProcess } from './dockerd-process.ts'
import { type Container, containers } from './engine.ts'
import { copies } from './engine-binaries.ts'
import { dockerSnap } from './engine-packages.ts'
import { recordOf, textOf } from './json.ts'

/** The snap is the engine of this host: it runs, or there is no other. */
export const snapIsEngine: Fact<boolean> = defineFact({
  name: 'snapIsEngine',
  about: 'Whether the engine of this host is the docker snap.',
  needs: { snap: dockerSnap, process: maybe(dockerdProcess), packaged: copies('dockerd') },
  parse: (_, { snap, process, packaged }): boolean =>
    snap &&
    (packaged.length === 0 ||
      (process.known && process.value?.isEngine === true && process.value.pidFile.startsWith('/run/snap.'))),
})

/**
 * Of these the snap sees the host's own, where it sees anything at all. Home folders without what is hidden in them, removable media where
 * that is allowed, and what every snap shares with the host.
 * @see https://github.com/canonical/docker-snap#usage @see https://snapcraft.io/docs/reference/interfaces/home-interface
 */
const VISIBLE =
  /^\/(?:home|root|media|mnt|run|dev|proc|sys|etc|tmp|snap|lib\/modules|var\/(?:snap|run|log|tmp))(?:\/|$)/
const HIDDEN = /^\/(?:home\/[^/]+|root)\/\./
/** Folders that the snap has of its own under these names: a mount of them succeeds, and shows something else. */
const ITS_OWN = /^\/(?:usr(?:\/.*)?|bin|lib|sbin|opt|srv|boot)?$/

const ALIVE = ['running', 'paused', 'restarting']
const MOST = 20

/** Mounts of containers that do not run. Those that run have found what they mount. */
const suspects: Fact<readonly { readonly container: Container; readonly source: string }[]> = defineFact({
  name: 'stoppedBinds',
  about: 'Folders of the host that containers mount which do not run, where the engine is the docker snap.',
  needs: { isEngine: snapIsEngine, containers: maybe(containers) },
  parse: (_, { isEngine, containers }) => {
    if (!isEngine || !containers.known) return []
    return containers.value
      .filter(({ state }) => !ALIVE.includes(state))
      .flatMap((container) => container.binds.map(({ source }) => ({ container, source })))
      .slice(0, MOST)
  },
})

export interface UnseenBind {
  readonly container: string
  readonly path: string
}

export const unseenBinds: Fact<readonly UnseenBind[]> = defineFact({
  name: 'unseenBinds',
  about: 'Folders that containers mount and that the docker snap cannot see.',
  needs: { suspects },
  reads: ({ suspects }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(suspects.map(({ source }) => [source, asReading(stat(source))])),
  reading: 'stat of each folder that a stopped container mounts (where the engine is the docker snap)',
  parse: (readings, { suspects }): readonly UnseenBind[] =>
    suspects.flatMap(({ container, source }) => {
      const reading = readings[source]
      const real = reading?.state === 'ok' ? (reading.value.realPath ?? source) : source
      const neverBegan = container.state === 'created'
      const isUnseen = [source, real].some(
        (path) => (!VISIBLE.test(path) && !ITS_OWN.test(path)) || (neverBegan && HIDDEN.test(path)),
      )
      return isUnseen ? [{ container: container.name, path: real }] : []
    }),
})

/** @see https://github.com/canonical/docker-snap#usage */
export const SNAP_CONFIG = '/var/snap/docker/current/config/daemon.json'
/** @see https://github.com/canonical/docker-snap#changing-the-data-root-directory */
const WRITABLE = /^\/(?:var\/snap\/docker|home|root|media|mnt|run\/media)(?:\/|$)/

/** The data root that the snap is told to use where it cannot see it; null where it can, or is told nothing. */
export const unseenDataRoot: Fact<string | null> = defineFact({
  name: 'unseenDataRoot',
  about: "The docker snap's configured data root, where that lies outside what it sees.",
  needs: { isEngine: snapIsEngine },
  reads: ({ isEngine }): Record<string, AsReading<FileSource>> =>
    isEngine ? { config: asReading(file(SNAP_CONFIG)) } : {},
  reading: `${SNAP_CONFIG} (where the engine is the docker snap)`,
  parse: ({ config }): string | null => {
    const path = config?.state === 'ok' ? textOf(recordOf(parseJson(config.value))['data-root']) : ''
    return path.startsWith('/') && !WRITABLE.test(path) ? path : null
  },
})

const IGNORED = ['/etc/docker/daemon.json', '/etc/docker/certs.d'] as const

/** What an engine from a package reads, and the snap does not. */
export const ignoredBySnap: Fact<readonly string[]> = defineFact({
  name: 'ignoredBySnap',
  about: 'Configuration of the engine in places where the docker snap does not look.',
  reads: Object.fromEntries(IGNORED.map((path) => [path, orAbsent(stat(path))])),
  parse: (found): readonly string[] => IGNORED.filter((path) => found[path] !== null),
})
