/** The one container that a run is about, where it names one. */
import { type AsReading, asReading, defineFact, type Fact, maybe, unavailable } from '../model/fact.ts'
import { missing } from '../model/reading.ts'
import { type FileSource, file, sourceKey, type UnixHttpSource } from '../model/source.ts'
import { type Container, containers, inspection } from './engine.ts'
import { type JsonRecord, jsonOf, listOf, numberOf, recordOf, textOf } from './json.ts'
import { settings } from './settings.ts'

/** Digits of an id that tell a container: fewer may be a name. Our own choice. */
const SHORTEST_ID = 4

/** By name, or by the first digits of its id, as the engine's own commands take it. */
export function containerNamed(all: readonly Container[], word: string): Container | undefined {
  const name = word.replace(/^\//, '')
  const byName = all.find((one) => one.name === name)
  if (byName || name.length < SHORTEST_ID || !/^[\da-f]+$/.test(name)) return byName
  const byId = all.filter(({ id }) => id.startsWith(name))
  return byId.length === 1 ? byId[0] : undefined
}

const chosen: Fact<Container | null> = defineFact({
  name: 'chosenContainer',
  about: 'The container that is asked about, as the engine lists it; null where none is named.',
  needs: { settings, containers: maybe(containers) },
  parse: (_, { settings, containers }) => {
    if (settings.container === undefined) return null
    if (!containers.known) return unavailable(containers.why.source, { ...containers.why, durationMs: 0 })
    const found = containerNamed(containers.value, settings.container)
    if (found) return found
    const reason = `the engine has no container ${JSON.stringify(settings.container)}`
    return unavailable('containers', missing('failed', reason))
  },
})

/** A port that the container asks to be published, as it was created. */
export interface PortWish {
  readonly port: number
  readonly protocol: string
  /** Empty for all addresses. */
  readonly ip: string
  readonly hostPort: number
}

export interface NamedContainer {
  readonly container: Container
  /** `created`, `running`, `paused`, `restarting`, `exited`, `dead`, … */
  readonly state: string
  /** The first process, as the host numbers it; null where none runs. */
  readonly pid: number | null
  readonly exitCode: number
  readonly oomKilled: boolean
  /** What the engine said when it could not start it; empty where it could. */
  readonly error: string
  /** How often the engine has started it again since a person did. */
  readonly restarts: number
  /** `healthy`, `unhealthy`, `starting`; empty where the image has no health check. */
  readonly health: string
  /** As the engine calls it: `runc`, `runsc`, `kata`, …; empty where it does not say. */
  readonly runtime: string
  readonly wishes: readonly PortWish[]
  /** Ports that the image or its user declares, published or not. */
  readonly exposed: readonly { readonly port: number; readonly protocol: string }[]
}

export const namedContainer: Fact<NamedContainer | null> = defineFact({
  name: 'namedContainer',
  about: 'What the engine says of the container that is asked about; null where none is named.',
  needs: { chosen },
  reads: ({ chosen }): Record<string, AsReading<UnixHttpSource>> =>
    chosen ? { inspection: asReading(inspection(chosen.id)) } : {},
  reading: 'GET unix:///var/run/docker.sock /containers/ID/json of the container that is named',
  parse: ({ inspection: reading }, { chosen }): NamedContainer | null => {
    if (!chosen || !reading) return null
    const key = sourceKey(inspection(chosen.id))
    if (reading.state !== 'ok') return unavailable(key, reading)
    if (reading.value.status !== 200)
      return unavailable(key, missing('failed', `the engine answers HTTP ${reading.value.status}`))
    return parseInspection(chosen, recordOf(jsonOf(reading.value.body, key)))
  },
})

function parseInspection(container: Container, json: JsonRecord): NamedContainer {
  const [state, host] = [recordOf(json.State), recordOf(json.HostConfig)]
  const pid = numberOf(state.Pid)
  return {
    container,
    state: textOf(state.Status) || container.state,
    pid: pid !== null && Number.isInteger(pid) && pid > 0 ? pid : null,
    exitCode: numberOf(state.ExitCode) ?? 0,
    oomKilled: state.OOMKilled === true,
    error: textOf(state.Error),
    restarts: numberOf(json.RestartCount) ?? 0,
    health: textOf(recordOf(state.Health).Status).replace('none', ''),
    runtime: textOf(host.Runtime),
    wishes: wishesIn(host.PortBindings),
    exposed: Object.keys(recordOf(recordOf(json.Config).ExposedPorts)).flatMap(portOf),
  }
}

/** Runtimes that run programs on a kernel or network stack of their own: this host's tables do not show what they do. */
const OWN_STACK = /kata|runsc|gvisor|firecracker|wasm/i

/**
 * The first process of the container, made sure of: where this program runs in a container itself, the numbers that the engine tells mean
 * other processes, or none.
 */
export const innerProcess: Fact<number | null> = defineFact({
  name: 'innerProcess',
  about: 'The process whose network is that of the named container; null where none runs.',
  needs: { named: namedContainer },
  reads: ({ named }): Record<string, FileSource> =>
    named?.pid ? { groups: file(`/proc/${named.pid}/cgroup`) } : {},
  reading: '/proc/PID/cgroup of the container that is named',
  parse: ({ groups }, { named }): number | null => {
    if (!named?.pid || groups === undefined) return null
    const source = `/proc/${named.pid}/cgroup`
    if (OWN_STACK.test(named.runtime))
      return unavailable(source, missing('failed', `runtime ${named.runtime} has a network stack of its own`))
    return groups.includes(named.container.id)
      ? named.pid
      : unavailable(source, missing('failed', `process ${named.pid} is not one of ${named.container.name}`))
  },
})

/** `80/tcp` */
function portOf(text: string): { port: number; protocol: string }[] {
  const [, port, protocol] = /^(\d{1,5})\/(tcp|udp|sctp)$/.exec(text) ?? []
  return port && protocol ? [{ port: Number(port), protocol }] : []
}

const wishesIn = (bindings: unknown): PortWish[] =>
  Object.entries(recordOf(bindings)).flatMap(([key, list]) =>
    portOf(key).flatMap((port) =>
      listOf(list)
        .map(recordOf)
        .map(({ HostIp, HostPort }) => ({ ...port, ip: textOf(HostIp), hostPort: Number(textOf(HostPort)) })),
    ),
  )
