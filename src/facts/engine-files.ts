/** The files that decide what the engine does, which it reads as root, and the keys among them. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import type { Stat } from '../model/source.ts'
import { CERTS, certsFolders } from './certs-folders.ts'
import { DAEMON_JSON, daemonSettings } from './daemon-config.ts'
import { engineEnvironmentFiles } from './dockerd-flags.ts'
import { isReachable, type Stats, seen, withFoldersAbove } from './permissions.ts'
import { systemdUnit, type Unit } from './systemd-unit.ts'

export interface EngineFile {
  readonly path: string
  readonly stat: Stat
  /** A private key. */
  readonly isKey: boolean
  /** Every local user gets as far as to it. */
  readonly isReachable: boolean
}

const CONTAINERD = '/etc/containerd/config.toml'
const TLS = ['tlscacert', 'tlscert', 'tlskey'] as const
/** Enough for every registry that anybody configures by hand. */
const MOST = 200

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'

/** A masked unit leads to /dev/null, which is everybody's. */
const filesOf = ({ fragment, masked, dropIns }: Unit): readonly string[] => [
  ...(fragment && !masked ? [fragment] : []),
  ...dropIns.flatMap((path) => [folderOf(path), path]),
]

const paths: Fact<ReadonlyMap<string, boolean>> = defineFact({
  name: 'engineFilePaths',
  about: 'The paths of what configures the engine, and which of them are private keys.',
  needs: {
    settings: maybe(daemonSettings),
    environment: maybe(engineEnvironmentFiles),
    certs: maybe(certsFolders),
    docker: maybe(systemdUnit('docker.service')),
    socket: maybe(systemdUnit('docker.socket')),
    containerd: maybe(systemdUnit('containerd.service')),
  },
  parse: (_, { settings, environment, certs, docker, socket, containerd }): ReadonlyMap<string, boolean> => {
    const file = settings.known ? settings.value.file.path : DAEMON_JSON
    const units = [docker, socket, containerd].flatMap((unit) => (unit.known ? filesOf(unit.value) : []))
    const tls = TLS.map((key) => [settings.known ? settings.value.get(key) : null, key === 'tlskey'] as const)
    const folders = certs.known ? certs.value : []
    const plain = [
      ...[folderOf(file), file, CONTAINERD, CERTS],
      ...units,
      ...(environment.known ? environment.value.map(({ path }) => path) : []),
      ...folders.map(({ path }) => path),
    ]
    const all = [
      ...plain.map((path) => [path, false] as const),
      ...tls.flatMap(([path, isKey]) =>
        typeof path === 'string' && path.startsWith('/') ? [[path, isKey] as const] : [],
      ),
      ...folders.flatMap(({ path, files }) =>
        files.map((name) => [`${path}/${name}`, name.endsWith('.key')] as const),
      ),
    ]
    return new Map(all.slice(0, MOST))
  },
})

export const engineFiles: Fact<readonly EngineFile[]> = defineFact({
  name: 'engineFiles',
  about:
    'The files and folders that configure the engine, as far as this user sees them, with their permissions.',
  needs: { paths },
  reads: ({ paths }): Stats => withFoldersAbove([...paths.keys()]),
  reading:
    'stat of daemon.json, units, their drop-ins, environment files, certificates and keys, and of the folders above them',
  parse: (readings, { paths }): readonly EngineFile[] =>
    [...paths].flatMap(([path, isKey]) => {
      const stat = seen(path, readings[path])
      const counts = stat?.type === 'file' || stat?.type === 'directory'
      return stat && counts ? [{ path, stat, isKey, isReachable: isReachable(path, readings) }] : []
    }),
})

/** @see https://docs.docker.com/engine/install/debian/#install-using-the-repository */
const KEYRING_FOLDER = '/etc/apt/keyrings'
const KEYRINGS = ['docker.asc', 'docker.gpg'].map((name) => `${KEYRING_FOLDER}/${name}`)

/** The folder as well: `mkdir` under a umask of 077 closes it to apt, which reads keys as a user of its own. */
export const aptKeyrings: Fact<readonly EngineFile[]> = defineFact({
  name: 'dockerAptKeyrings',
  about: "The keys with which apt verifies Docker's packages, and the folder that they lie in.",
  reads: withFoldersAbove(KEYRINGS),
  parse: (readings): readonly EngineFile[] => {
    const found = (path: string): readonly EngineFile[] => {
      const stat = seen(path, readings[path])
      return stat ? [{ path, stat, isKey: false, isReachable: isReachable(path, readings) }] : []
    }
    const keys = KEYRINGS.flatMap(found)
    return keys.length > 0 ? [...keys, ...found(KEYRING_FOLDER)] : []
  },
})
