/** What only an inspection tells of a container: asked of few, those first that are in trouble. */
import { type AsReading, asReading, defineFact, type Fact, unavailable } from '../model/fact.ts'
import { sourceKey, type UnixHttpSource } from '../model/source.ts'
import { now } from './clock.ts'
import { type Container, containers, ENGINE_SOCKET, inspection } from './engine.ts'
import { type JsonRecord, jsonOf, listOf, numberOf, recordOf, textOf } from './json.ts'

/** Each costs the engine a millisecond or two; more tell little more. Our own choice. */
const MOST = 20
/** What ended longer ago than two days nobody waits for any more. Our own choice. */
const RECENT_MS = 2 * 24 * 3_600_000
/** The engine counts in hours up to two days: `Exited (1) 47 hours ago`. @see https://pkg.go.dev/github.com/docker/go-units#HumanDuration */
const RECENTLY = /(?:second|minute|hour)s? ago/

export interface ContainerMount {
  readonly source: string
  /** The path in the container. */
  readonly destination: string
  readonly writable: boolean
  /** Asked for as a mount (`--mount`), for which the engine makes no folder that is missing. */
  readonly mustExist: boolean
}

export interface InspectedContainer {
  readonly container: Container
  /** It failed lately: it is restarted, could not be started, or ended with another status than 0. */
  readonly inTrouble: boolean
  /** It fails again and again, and may have been started anew just now: then it shows no exit status. */
  readonly loops: boolean
  readonly runs: boolean
  readonly createdMs: number
  /** Milliseconds since it was created. */
  readonly ageMs: number
  readonly exitCode: number
  readonly oomKilled: boolean
  /** What the engine said when it could not start it; empty where it could. */
  readonly error: string
  /** How often the engine has started it again since a person did. */
  readonly restarts: number
  /** Bytes; 0: no limit. */
  readonly memoryLimit: number
  /** `no`, `always`, `unless-stopped`, `on-failure`. */
  readonly restartPolicy: string
  /** Meant to be used by hand, or to vanish when it ends (`-i`, `--rm`). */
  readonly isThrowaway: boolean
  readonly logDriver: string
  readonly logOptions: JsonRecord
  /** As given: empty, a name, `1000`, `1000:1000`. */
  readonly user: string
  /** The program that it runs, as given: a path, or a name to be looked up. */
  readonly program: string
  readonly workingFolder: string
  readonly imageId: string
  readonly binds: readonly ContainerMount[]
  /** Folders of the image's layers and the container's own, upmost first; empty where the engine does not say. */
  readonly layers: readonly string[]
}

const inTrouble = ({ state, status, createdMs }: Container, nowMs: number): boolean =>
  state === 'restarting' ||
  (state === 'created' && nowMs - createdMs < RECENT_MS) ||
  (/^(exited|dead)$/.test(state) && !/\(0\)/.test(status) && RECENTLY.test(status))

/** Seconds that a container which fails again and again has run for; `Up About a minute` is no such. */
const JUST_STARTED = /^Up (?:Less than a second|\d+ seconds?)/
/** Fewer may be a service that waited for another one. Our own choice. */
const LOOPS_FROM = 3

type Chosen = Pick<InspectedContainer, 'container' | 'inTrouble' | 'ageMs'>

const chosen: Fact<readonly Chosen[]> = defineFact({
  name: 'containersToInspect',
  about: `At most ${MOST} containers that run or failed lately, those that failed first.`,
  needs: { containers, now },
  parse: (_, { containers, now }): readonly Chosen[] =>
    containers
      .map((container) => ({
        container,
        inTrouble: inTrouble(container, Date.parse(now)),
        ageMs: Date.parse(now) - container.createdMs,
      }))
      .filter(({ container, inTrouble }) => inTrouble || container.state === 'running')
      .sort((a, b) => Number(b.inTrouble) - Number(a.inTrouble))
      .slice(0, MOST),
})

export const inspectedContainers: Fact<readonly InspectedContainer[]> = defineFact({
  name: 'inspectedContainers',
  about: `What the engine says of at most ${MOST} containers that run or failed lately.`,
  needs: { chosen },
  reads: ({ chosen }): Record<string, AsReading<UnixHttpSource>> =>
    Object.fromEntries(chosen.map(({ container: { id } }) => [id, asReading(inspection(id))])),
  reading: `GET unix://${ENGINE_SOCKET} /containers/ID/json of at most ${MOST} containers, those that failed lately first`,
  parse: (readings, { chosen }): readonly InspectedContainer[] =>
    chosen.flatMap((one) => {
      const { id } = one.container
      const reading = readings[id]
      if (!reading) return []
      if (reading.state !== 'ok') return unavailable(sourceKey(inspection(id)), reading)
      // It may have been removed since it was listed.
      return reading.value.status === 200
        ? [parseInspection(one, recordOf(jsonOf(reading.value.body, sourceKey(inspection(id)))))]
        : []
    }),
})

function parseInspection(one: Chosen, json: JsonRecord): InspectedContainer {
  const [state, config, host] = [recordOf(json.State), recordOf(json.Config), recordOf(json.HostConfig)]
  const log = recordOf(host.LogConfig)
  const exitCode = numberOf(state.ExitCode) ?? 0
  // It may have ended since it was listed.
  const ended = one.container.state === 'running' && state.Running === false
  const restarts = numberOf(json.RestartCount) ?? 0
  const { state: listed, status } = one.container
  const loops = restarts >= LOOPS_FROM && (listed === 'restarting' || JUST_STARTED.test(status))
  return {
    ...one,
    inTrouble: one.inTrouble || (ended && exitCode !== 0) || loops,
    loops,
    runs: state.Running === true && state.Restarting !== true,
    createdMs: Date.parse(textOf(json.Created)),
    exitCode,
    oomKilled: state.OOMKilled === true,
    error: textOf(state.Error),
    restarts,
    memoryLimit: numberOf(host.Memory) ?? 0,
    restartPolicy: textOf(recordOf(host.RestartPolicy).Name) || 'no',
    isThrowaway: host.AutoRemove === true || config.OpenStdin === true || config.Tty === true,
    logDriver: textOf(log.Type),
    logOptions: recordOf(log.Config),
    user: textOf(config.User),
    program: textOf(json.Path),
    workingFolder: textOf(config.WorkingDir) || '/',
    imageId: textOf(json.Image),
    binds: bindsOf(json, host),
    layers: layersOf(recordOf(recordOf(json.GraphDriver).Data)),
  }
}

function bindsOf(json: JsonRecord, host: JsonRecord): readonly ContainerMount[] {
  const asked = new Set(listOf(host.Mounts).map((mount) => textOf(recordOf(mount).Target)))
  return listOf(json.Mounts)
    .map(recordOf)
    .filter(({ Type }) => Type === 'bind')
    .map(({ Source, Destination, RW }) => ({
      source: textOf(Source),
      destination: textOf(Destination),
      writable: RW === true,
      mustExist: asked.has(textOf(Destination)),
    }))
}

const layersOf = ({ UpperDir, LowerDir }: JsonRecord): readonly string[] =>
  [textOf(UpperDir), ...textOf(LowerDir).split(':')].filter((path) => path.startsWith('/'))
