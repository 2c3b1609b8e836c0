/** What running containers may do beyond what the engine gives by default. */
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import type { UnixHttpSource } from '../model/source.ts'
import { containers, ENGINE_SOCKET, inspection } from './engine.ts'
import { listOf, recordIn, recordOf, textOf, textsOf } from './json.ts'

/** Each costs a request of some milliseconds; a host with more running containers is told so. */
const MOST = 100

export interface ContainerPrivileges {
  readonly name: string
  readonly privileged: boolean
  /** `pid`, `ipc`, `network`, `uts`, `user`: those of the host. */
  readonly hostNamespaces: readonly string[]
  /** Without the prefix `CAP_`; `ALL` for all of them. */
  readonly addedCapabilities: readonly string[]
  /** Folders of the host that it may write to. */
  readonly writableBinds: readonly string[]
  /** `seccomp`, `apparmor`: confinement that is switched off. */
  readonly unconfined: readonly string[]
}

export interface PrivilegesOfAll {
  readonly looked: readonly ContainerPrivileges[]
  /** Running containers that were not looked at. */
  readonly left: number
}

/** A stopped container may do nothing. */
const ALIVE = ['running', 'paused', 'restarting']

const runningIds: Fact<readonly string[]> = defineFact({
  name: 'runningContainerIds',
  about: 'The ids of the running containers.',
  needs: { containers },
  parse: (_, { containers }): readonly string[] =>
    containers.filter(({ state }) => ALIVE.includes(state)).map(({ id }) => id),
})

export const containerPrivileges: Fact<PrivilegesOfAll> = defineFact({
  name: 'containerPrivileges',
  about: `What running containers may do beyond the default, ${MOST} of them at most.`,
  needs: { ids: runningIds },
  reads: ({ ids }): Record<string, AsReading<UnixHttpSource>> =>
    Object.fromEntries(ids.slice(0, MOST).map((id) => [id, asReading(inspection(id))])),
  reading: `GET unix://${ENGINE_SOCKET} /containers/ID/json of each running container (${MOST} at most)`,
  parse: (readings, { ids }): PrivilegesOfAll => {
    const answers = Object.values(readings)
    // 404: it ended in the meantime.
    const gone = answers.filter((answer) => answer.state === 'ok' && answer.value.status === 404)
    const looked = answers.flatMap((answer) =>
      answer.state === 'ok' && answer.value.status === 200 ? (parseContainer(answer.value.body) ?? []) : [],
    )
    return { looked, left: ids.length - gone.length - looked.length }
  },
})

/** Reads what `docker inspect` tells of one container; null where it is none. Never throws. */
export function parseContainer(body: string): ContainerPrivileges | null {
  const json = recordIn(body) ?? {}
  const host = recordOf(json.HostConfig)
  const name = textOf(json.Name).replace(/^\//, '')
  if (name === '') return null
  return {
    name,
    privileged: host.Privileged === true,
    hostNamespaces: Object.entries(NAMESPACES).flatMap(([key, namespace]) =>
      host[key] === 'host' ? [namespace] : [],
    ),
    addedCapabilities: textsOf(host.CapAdd).map((capability) =>
      capability.toUpperCase().replace(/^CAP_/, ''),
    ),
    writableBinds: listOf(json.Mounts)
      .map(recordOf)
      .filter(({ Type, RW }) => Type === 'bind' && RW === true)
      .map(({ Source }) => textOf(Source)),
    unconfined: textsOf(host.SecurityOpt).flatMap((option) => UNCONFINED.exec(option)?.[1] ?? []),
  }
}

const NAMESPACES = {
  PidMode: 'pid',
  IpcMode: 'ipc',
  NetworkMode: 'network',
  UTSMode: 'uts',
  UsernsMode: 'user',
} as const
/** @see https://docs.docker.com/engine/containers/run/#security-configuration */
const UNCONFINED = /^(seccomp|apparmor)[=:]unconfined$/
