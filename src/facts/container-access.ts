/** Folders of the host that a container's user was refused, by its own words and by the folder's mode. */
import { REFUSED_ACCESS } from '../data/refused-access.ts'
import { type AsReading, asReading, defineFact, type Fact } from '../model/fact.ts'
import { type Stat, type StatSource, stat, type UnixHttpSource, unixHttp } from '../model/source.ts'
import { ENGINE_SOCKET } from './engine.ts'
import { type ContainerMount, type InspectedContainer, inspectedContainers } from './inspected-containers.ts'

export interface RefusedFolder {
  readonly containerId: string
  readonly user: string
  /** null where the image gives the user's name another number than this host can tell. */
  readonly uid: number | null
  readonly source: string
  readonly owner: number
  readonly mode: number
  readonly writable: boolean
}

/** Whose access a mode can refuse: root's it cannot. */
const ordinary = ({ user }: InspectedContainer): boolean => user !== '' && !/^(?:0+|root)(?::|$)/.test(user)
const failed = (one: InspectedContainer): boolean =>
  one.inTrouble && !one.oomKilled && one.exitCode !== 0 && ordinary(one)

export const bindStats: Fact<ReadonlyMap<string, Stat | null>> = defineFact({
  name: 'bindStats',
  about: 'The folders and files that inspected containers mount; null for those that do not exist.',
  needs: { inspected: inspectedContainers },
  reads: ({ inspected }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      inspected.flatMap(({ binds }) => binds.map(({ source }) => [source, asReading(stat(source))])),
    ),
  reading: 'what the inspected containers mount',
  parse: (readings): ReadonlyMap<string, Stat | null> =>
    new Map(
      Object.entries(readings).flatMap(([path, reading]): [string, Stat | null][] => {
        if (reading.state === 'ok') return [[path, reading.value]]
        return reading.state === 'absent' ? [[path, null]] : []
      }),
    ),
})

/** By the mode alone. Of a user that is only a name, nothing is known but that it is not root. */
function isRefused({ user }: InspectedContainer, { writable }: ContainerMount, meta: Stat): boolean {
  const [own = null, group = null] = user.split(':').map((word) => (/^\d+$/.test(word) ? Number(word) : null))
  const needed = (writable ? 2 : 4) + (meta.type === 'directory' ? 1 : 0)
  const allows = (bits: number): boolean => (bits & needed) === needed
  if (own === meta.uid) return !allows(meta.mode >> 6)
  // A number that the image gives no group to gets group 0: https://docs.docker.com/reference/dockerfile/#user
  if ((own === null ? group : (group ?? 0)) === meta.gid) return !allows(meta.mode >> 3)
  return !allows(meta.mode) && (own !== null || meta.uid === 0)
}

type Suspect = readonly [InspectedContainer, ContainerMount, Stat]

const suspects: Fact<readonly Suspect[]> = defineFact({
  name: 'refusedBinds',
  about: "Mounts of failed containers whose mode refuses them to the container's user.",
  needs: { inspected: inspectedContainers, stats: bindStats },
  parse: (_, { inspected, stats }): readonly Suspect[] =>
    inspected.filter(failed).flatMap((one) =>
      one.binds.flatMap((bind): Suspect[] => {
        const meta = stats.get(bind.source)
        return meta && isRefused(one, bind, meta) ? [[one, bind, meta]] : []
      }),
    ),
})

const lastWords = (id: string): UnixHttpSource =>
  unixHttp(ENGINE_SOCKET, `/containers/${id}/logs?stdout=1&stderr=1&tail=20`)

/** A mode alone may be as wanted; what the container said of that very folder decides. */
export const refusedFolders: Fact<readonly RefusedFolder[]> = defineFact({
  name: 'refusedFolders',
  about: "Mounted folders that a failed container's user was refused, as its last words say.",
  needs: { suspects },
  reads: ({ suspects }): Record<string, AsReading<UnixHttpSource>> =>
    Object.fromEntries(suspects.map(([{ container }]) => [container.id, asReading(lastWords(container.id))])),
  reading: `GET unix://${ENGINE_SOCKET} /containers/ID/logs of failed containers that mount what their user may not use (only lines about refused access are kept)`,
  parse: (readings, { suspects }): readonly RefusedFolder[] =>
    suspects.flatMap(([{ container, user }, { source, destination, writable }, meta]) => {
      const reading = readings[container.id]
      const said = reading?.state === 'ok' && reading.value.status === 200 ? reading.value.body : ''
      if (!said.split('\n').some((line) => REFUSED_ACCESS.test(line) && line.includes(destination))) return []
      const uid = /^\d+/.exec(user)?.[0]
      return [
        {
          containerId: container.id,
          user,
          uid: uid === undefined ? null : Number(uid),
          source,
          owner: meta.uid,
          mode: meta.mode,
          writable,
        },
      ]
    }),
})
