/** The engine, as its API answers on the local socket. */

import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  maybe,
  orAbsent,
  unavailable,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import {
  type FileSource,
  file,
  type StatSource,
  sourceKey,
  stat,
  type UnixHttpSource,
  unixHttp,
} from '../model/source.ts'
import { dockerdProcess } from './dockerd-process.ts'
import {
  type JsonRecord,
  jsonOf,
  listOf,
  numberOf,
  pairsOf,
  recordIn,
  recordOf,
  textOf,
  textsOf,
} from './json.ts'
import { unitGroups } from './systemd-unit.ts'

export const ENGINE_SOCKET = '/var/run/docker.sock'

const api = (path: string): UnixHttpSource => unixHttp(ENGINE_SOCKET, path)
/** What `docker inspect` asks for. */
export const inspection = (id: string): UnixHttpSource => api(`/containers/${id}/json`)

export interface EngineVersion {
  /** As the engine says it, e.g. `20.10.24+dfsg1`. */
  readonly version: string
  /** Newest and oldest API version that it speaks, e.g. `1.41` and `1.12`. */
  readonly apiVersion: string
  readonly minApiVersion: string
  /** Versions by component name: `containerd`, `runc`, `docker-init`. */
  readonly components: ReadonlyMap<string, string>
  /** `Docker Engine - Community`, or empty for a distribution's build. */
  readonly platform: string
}

export interface EngineInfo {
  readonly storageDriver: string
  /** e.g. `Backing Filesystem` → `extfs`. */
  readonly driverStatus: ReadonlyMap<string, string>
  readonly dataRoot: string
  readonly cgroupDriver: string
  /** `1`, `2`, or empty where the engine is too old to say. */
  readonly cgroupVersion: string
  readonly loggingDriver: string
  readonly defaultRuntime: string
  readonly runtimes: readonly string[]
  readonly logDrivers: readonly string[]
  readonly securityOptions: readonly string[]
  readonly warnings: readonly string[]
  readonly mirrors: readonly string[]
  readonly insecureCidrs: readonly string[]
  /** Registries (host:port) that may be spoken to without TLS. */
  readonly insecureHosts: readonly string[]
  readonly httpProxy: string
  readonly httpsProxy: string
  readonly noProxy: string
  readonly liveRestore: boolean
  readonly swarm: string
  readonly operatingSystem: string
  readonly containersRunning: number
  readonly rootless: boolean
  /** `nftables`, `iptables+firewalld`, …; empty where the engine is too old to say (before 28.2). */
  readonly firewallBackend: string
  readonly raw: JsonRecord
}

export interface RunningEngine {
  readonly version: EngineVersion
  readonly info: EngineInfo
}

/** How the engine's socket answers. */
export type EngineState =
  | { readonly state: 'answers'; readonly engine: RunningEngine }
  /** No socket file. */
  | { readonly state: 'absent' }
  /** A socket file that nobody listens on. */
  | { readonly state: 'refused' }
  /** systemd listens (docker.socket), and starts the engine for whoever connects: it was not asked. */
  | { readonly state: 'asleep' }
  /** Another product answers for it; what this host says of itself does not concern that one. */
  | { readonly state: 'elsewhere'; readonly product: 'Docker Desktop' | 'Podman' }
  /** This user may not open the socket. */
  | { readonly state: 'denied' }
  /** Something listens, and does not answer in time. */
  | { readonly state: 'hung'; readonly reason: string }
  /** Something else: not a socket, not the engine's API, an error of its own. */
  | { readonly state: 'failed'; readonly reason: string }

const SOCKET_UNITS = ['/etc', '/usr/lib', '/lib'].map((folder) => `${folder}/systemd/system/docker.socket`)
const SERVICE_GROUPS = unitGroups('docker.service')

const hasSleepingUnit: Fact<boolean> = defineFact({
  name: 'hasSleepingUnit',
  about: 'Whether there is a unit docker.socket of systemd, and the service that it starts does not run.',
  needs: { dockerd: dockerdProcess },
  reads: {
    first: orAbsent(file('/proc/1/comm')),
    ...Object.fromEntries([...SOCKET_UNITS, ...SERVICE_GROUPS].map((path) => [path, orAbsent(stat(path))])),
  },
  parse: (readings, { dockerd }) => {
    const there = readings as Readonly<Record<string, unknown>>
    const isSystemd = readings.first?.trim() === 'systemd'
    const serviceRuns = dockerd?.isEngine === true || SERVICE_GROUPS.some((path) => there[path])
    return isSystemd && !serviceRuns && SOCKET_UNITS.some((path) => there[path])
  },
})

/** A row of a socket that is listened on (__SO_ACCEPTCON). @see https://man7.org/linux/man-pages/man5/proc_net_unix.5.html */
const LISTENS = /^\S+: \S+ \S+ 00010000 .* (?:\/var)?\/run\/docker\.sock$/m

/**
 * A connection to such a socket would start the engine, and looking must not change the host. Where the unit is stopped, its socket's file
 * may be left, and nobody listens; what the kernel does not tell is taken for listening.
 */
const socketAsleep: Fact<boolean> = defineFact({
  name: 'socketAsleep',
  about: 'Whether systemd holds the socket of an engine that does not run yet.',
  needs: { unit: hasSleepingUnit },
  reads: ({ unit }): Record<string, AsReading<FileSource | StatSource>> =>
    unit ? { socket: asReading(stat(ENGINE_SOCKET)), listeners: asReading(file('/proc/net/unix')) } : {},
  reading: '/proc/net/unix and the socket (where docker.socket is a unit and its service does not run)',
  parse: ({ socket, listeners }, { unit }): boolean => {
    if (!unit || socket?.state === 'absent') return false
    if (listeners?.state !== 'ok' || listeners.truncated || typeof listeners.value !== 'string') return true
    return LISTENS.test(listeners.value)
  },
})

export const engineState: Fact<EngineState> = defineFact({
  name: 'engineState',
  about: "How the engine's socket answers, and what it says of itself.",
  needs: { asleep: maybe(socketAsleep) },
  reads: ({ asleep }): Record<string, AsReading<UnixHttpSource>> =>
    asleep.known && asleep.value
      ? {}
      : { version: asReading(api('/version')), info: asReading(api('/info')) },
  reading: `GET unix://${ENGINE_SOCKET} /version and /info (unless that would start the engine)`,
  parse: ({ version, info }): EngineState => {
    if (!version || !info) return { state: 'asleep' }
    const reading = version.state === 'ok' ? info : version
    if (reading.state === 'notRecorded') unavailable(sourceKey(api('/version')), reading)
    if (reading.state === 'absent') return { state: 'absent' }
    if (reading.state === 'denied') return { state: 'denied' }
    if (reading.state === 'timeout') return { state: 'hung', reason: reading.reason }
    if (reading.state === 'failed') {
      const refused = reading.reason === 'connection refused'
      return refused ? { state: 'refused' } : { state: 'failed', reason: reading.reason }
    }
    return answered(version, info)
  },
})

function answered(version: Reading<UnixHttpSource>, info: Reading<UnixHttpSource>): EngineState {
  const about = bodyOf(version)
  const said = bodyOf(info)
  if (!about || !said) return { state: 'failed', reason: refusal(about ? info : version) }
  const engine: RunningEngine = { version: parseVersion(about), info: parseInfo(said) }
  const product = standIn(engine)
  return product ? { state: 'elsewhere', product } : { state: 'answers', engine }
}

/** Docker Desktop's engine runs in a machine of its own; Podman speaks the same API over what it manages itself. */
function standIn({ version, info }: RunningEngine): 'Docker Desktop' | 'Podman' | null {
  if (info.operatingSystem === 'Docker Desktop') return 'Docker Desktop'
  return version.components.has('Podman Engine') ? 'Podman' : null
}

/** An authorization plugin or a proxy in between answers with a status and a message of its own. */
function refusal(reading: Reading<UnixHttpSource>): string {
  if (reading.state !== 'ok' || reading.value.status === 200) return "what answers is not the engine's API"
  const { status, body } = reading.value
  return `it answers with HTTP status ${status}: ${body.trim().slice(0, 200) || 'no message'}`
}

/** The JSON object that a request gave; null where it failed or is none. */
function bodyOf(reading: Reading<UnixHttpSource>): JsonRecord | null {
  return reading.state === 'ok' && reading.value.status === 200 ? recordIn(reading.value.body) : null
}

export function parseVersion(json: JsonRecord): EngineVersion {
  const components = listOf(json.Components).map(recordOf)
  return {
    version: textOf(json.Version),
    apiVersion: textOf(json.ApiVersion),
    minApiVersion: textOf(json.MinAPIVersion),
    components: new Map(components.map(({ Name, Version }) => [textOf(Name), textOf(Version)])),
    platform: textOf(recordOf(json.Platform).Name),
  }
}

export function parseInfo(json: JsonRecord): EngineInfo {
  const registries = recordOf(json.RegistryConfig)
  const indexes = Object.entries(recordOf(registries.IndexConfigs))
  const securityOptions = textsOf(json.SecurityOptions)
  return {
    storageDriver: textOf(json.Driver),
    driverStatus: pairsOf(json.DriverStatus),
    dataRoot: textOf(json.DockerRootDir),
    cgroupDriver: textOf(json.CgroupDriver),
    cgroupVersion: textOf(json.CgroupVersion),
    loggingDriver: textOf(json.LoggingDriver),
    defaultRuntime: textOf(json.DefaultRuntime),
    runtimes: Object.keys(recordOf(json.Runtimes)),
    logDrivers: textsOf(recordOf(json.Plugins).Log),
    securityOptions,
    warnings: textsOf(json.Warnings),
    mirrors: textsOf(registries.Mirrors),
    insecureCidrs: textsOf(registries.InsecureRegistryCIDRs),
    insecureHosts: indexes.filter(([, index]) => recordOf(index).Secure === false).map(([name]) => name),
    httpProxy: textOf(json.HttpProxy),
    httpsProxy: textOf(json.HttpsProxy),
    noProxy: textOf(json.NoProxy),
    liveRestore: json.LiveRestoreEnabled === true,
    swarm: textOf(recordOf(json.Swarm).LocalNodeState),
    operatingSystem: textOf(json.OperatingSystem),
    containersRunning: numberOf(json.ContainersRunning) ?? 0,
    rootless: securityOptions.some((option) => option.startsWith('name=rootless')),
    firewallBackend: textOf(recordOf(json.FirewallBackend).Driver),
    raw: json,
  }
}

/**
 * The engine that answers; null where none runs here (no socket, or nobody listens on it).
 * Unavailable where it cannot be asked (permission denied, no answer in time).
 */
export const runningEngine: Fact<RunningEngine | null> = defineFact({
  name: 'runningEngine',
  about: "The running engine's version and configuration; null where none runs.",
  needs: { state: engineState },
  parse: (_, { state }) => {
    const source = sourceKey(api('/info'))
    if (state.state === 'answers') return state.engine
    if (state.state !== 'denied' && state.state !== 'hung' && state.state !== 'failed') return null
    if (state.state === 'denied') {
      return unavailable(source, { state: 'denied', reason: 'permission denied', durationMs: 0 })
    }
    const hung = state.state === 'hung'
    return unavailable(source, { state: hung ? 'timeout' : 'failed', reason: state.reason, durationMs: 0 })
  },
})

/**
 * Much matters only where an engine runs; elsewhere no program is started to find it out. Told by the socket's file, without waiting for an
 * answer.
 */
export const engineMayRun: Fact<boolean> = defineFact({
  name: 'engineMayRun',
  about: 'Whether an engine runs here, or may: there is a socket that is not asleep.',
  needs: { asleep: maybe(socketAsleep) },
  reads: { socket: asReading(stat(ENGINE_SOCKET)) },
  parse: ({ socket }, { asleep }) => socket.state !== 'absent' && !(asleep.known && asleep.value),
})

/** A list that the engine's API gives; empty where no engine runs. */
const engineList = <T>(
  name: string,
  about: string,
  path: string,
  parse: (item: JsonRecord) => T,
): Fact<readonly T[]> =>
  defineFact({
    name,
    about,
    needs: { engine: runningEngine },
    reads: ({ engine }): Record<string, UnixHttpSource> => (engine ? { list: api(path) } : {}),
    reading: `GET unix://${ENGINE_SOCKET} ${path} (where the engine answers)`,
    parse: ({ list }) => {
      if (!list) return []
      if (list.status !== 200) {
        const reason = `the engine answers HTTP ${list.status}`
        return unavailable(sourceKey(api(path)), {
          state: list.status === 403 ? 'denied' : 'failed',
          reason,
          durationMs: 0,
        })
      }
      return listOf(jsonOf(list.body, sourceKey(api(path))))
        .map(recordOf)
        .map(parse)
    },
  })

export interface Container {
  readonly id: string
  readonly name: string
  readonly image: string
  /** What it runs, as `docker ps` shows it. */
  readonly command: string
  /** `running`, `exited`, `restarting`, … */
  readonly state: string
  /** e.g. `Exited (0) 28 seconds ago`. */
  readonly status: string
  /** Milliseconds since the epoch. */
  readonly createdMs: number
  readonly ports: readonly PublishedPort[]
  readonly networkMode: string
  /** Address by network name. */
  readonly addresses: ReadonlyMap<string, string>
  readonly mounts: readonly string[]
  /** Folders and files of the host. */
  readonly binds: readonly Bind[]
  readonly labels: JsonRecord
}
export interface Bind {
  readonly source: string
  /** Where the container has it. */
  readonly target: string
  /** The options it was mounted with: `z`, `ro`, … */
  readonly mode: string
  /** `rprivate`, `rslave`, `rshared`, …; empty where the engine does not say. */
  readonly propagation: string
}
export interface PublishedPort {
  /** Host address; empty where not published. */
  readonly ip: string
  readonly publicPort: number | null
  readonly privatePort: number
  readonly protocol: string
}

export const containers: Fact<readonly Container[]> = engineList(
  'containers',
  'Every container that the engine knows, running or not.',
  '/containers/json?all=1',
  (json) => {
    const networks = Object.entries(recordOf(recordOf(json.NetworkSettings).Networks))
    return {
      id: textOf(json.Id),
      name: (textsOf(json.Names)[0] ?? '').replace(/^\//, ''),
      image: textOf(json.Image),
      command: textOf(json.Command),
      state: textOf(json.State),
      status: textOf(json.Status),
      createdMs: (numberOf(json.Created) ?? 0) * 1000,
      ports: listOf(json.Ports).map(recordOf).map(publishedPort),
      networkMode: textOf(recordOf(json.HostConfig).NetworkMode),
      addresses: new Map(networks.map(([name, network]) => [name, textOf(recordOf(network).IPAddress)])),
      mounts: listOf(json.Mounts).map((mount) => textOf(recordOf(mount).Source)),
      binds: listOf(json.Mounts)
        .map(recordOf)
        .filter(({ Type }) => Type === 'bind')
        .map(({ Source, Destination, Mode, Propagation }) => ({
          source: textOf(Source),
          target: textOf(Destination),
          mode: textOf(Mode),
          propagation: textOf(Propagation),
        })),
      labels: recordOf(json.Labels),
    }
  },
)

const publishedPort = (port: JsonRecord): PublishedPort => ({
  ip: textOf(port.IP),
  publicPort: numberOf(port.PublicPort),
  privatePort: numberOf(port.PrivatePort) ?? 0,
  protocol: textOf(port.Type),
})

export interface EngineSubnet {
  readonly subnet: string
  /** The bridge's own address. */
  readonly gateway: string
  /** The part of the subnet that containers are given addresses of (`fixed-cidr`); empty for all of it. */
  readonly range: string
}

export interface EngineNetwork {
  readonly id: string
  readonly name: string
  readonly driver: string
  /** The bridge interface on the host: `docker0`, or `br-` and twelve digits of the id. */
  readonly bridge: string
  readonly subnets: readonly EngineSubnet[]
  /** `local`, or `swarm`: then it may not be laid out on this host. */
  readonly scope: string
  readonly internal: boolean
  readonly options: JsonRecord
}

export const networks: Fact<readonly EngineNetwork[]> = engineList(
  'networks',
  "The engine's networks with their subnets and bridge interfaces.",
  '/networks',
  (json) => {
    const id = textOf(json.Id)
    const options = recordOf(json.Options)
    return {
      id,
      name: textOf(json.Name),
      driver: textOf(json.Driver),
      bridge: textOf(options['com.docker.network.bridge.name']) || `br-${id.slice(0, 12)}`,
      subnets: listOf(recordOf(json.IPAM).Config)
        .map(recordOf)
        .map(({ Subnet, Gateway, IPRange }) => ({
          subnet: textOf(Subnet),
          gateway: textOf(Gateway),
          range: textOf(IPRange),
        })),
      scope: textOf(json.Scope),
      internal: json.Internal === true,
      options,
    }
  },
)
