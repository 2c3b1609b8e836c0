/** The engine's socket file: who may reach it, and who ought to. */
import { asReading, defineFact, type Fact, maybe, unavailable } from '../model/fact.ts'
import { type Stat, sourceKey, stat } from '../model/source.ts'
import { accounts, type Group, groupNamed } from './accounts.ts'
import { daemonSettings } from './daemon-config.ts'
import { configuredCommandLine } from './dockerd-flags.ts'
import { ENGINE_SOCKET } from './engine.ts'
import { type Directive, systemdUnit, unitValues } from './systemd-unit.ts'

/** The folders that lie above /var/run/docker.sock, where /var/run leads to /run as everywhere today. */
const FOLDERS = ['/', '/var', '/run'] as const

export interface Folder {
  readonly path: string
  readonly mode: number
}

export interface EngineSocket {
  /** null where there is nothing at the path; `hidden` where a folder above keeps this user from seeing it. */
  readonly stat: Stat | null | 'hidden'
  /** Folders above it that not everybody may pass through. */
  readonly closed: readonly Folder[]
}

/** The permission to pass through a folder, for those who are neither its owner nor in its group. */
const OTHERS_MAY_PASS = 0o001

export const engineSocket: Fact<EngineSocket> = defineFact({
  name: 'engineSocket',
  about: `What stands at ${ENGINE_SOCKET}, and the folders above it that keep ordinary users out.`,
  reads: {
    socket: asReading(stat(ENGINE_SOCKET)),
    ...Object.fromEntries(FOLDERS.map((path) => [path, asReading(stat(path))])),
  },
  parse: (readings): EngineSocket => {
    const { socket } = readings
    const closed = FOLDERS.flatMap((path) => {
      const reading = readings[path as keyof typeof readings]
      if (reading.state !== 'ok' || reading.value.mode & OTHERS_MAY_PASS) return []
      return [{ path, mode: reading.value.mode }]
    })
    if (socket.state === 'ok') return { stat: socket.value, closed }
    if (socket.state === 'absent') return { stat: null, closed }
    if (socket.state === 'denied' && closed.length > 0) return { stat: 'hidden', closed }
    return unavailable(sourceKey(stat(ENGINE_SOCKET)), socket)
  },
})

/** The group that dockerd gives its socket to when nothing else is said. @see https://docs.docker.com/engine/install/linux-postinstall/ */
const DEFAULT_GROUP = 'docker'

/** What docker.socket says of the socket that it makes; null where it does not say so, or the engine makes its socket itself. */
export interface SocketUnit {
  readonly group: Directive | null
  readonly mode: Directive | null
}

export const socketUnit: Fact<SocketUnit> = defineFact({
  name: 'socketUnit',
  about: 'The group and the mode that docker.socket gives to the socket that it makes for the engine.',
  needs: { configured: maybe(configuredCommandLine), unit: maybe(systemdUnit('docker.socket')) },
  parse: (_, { configured, unit }): SocketUnit => {
    const flags = configured.known ? (configured.value?.flags ?? []) : []
    const activated = flags.some(({ name, value }) => name === 'host' && value.startsWith('fd:'))
    const last = (key: string): Directive | null =>
      activated && unit.known ? (unitValues(unit.value, key).at(-1) ?? null) : null
    return { group: last('SocketGroup'), mode: last('SocketMode') }
  },
})

/** Below it lie a distribution's own groups, which are for other things. @see https://www.debian.org/doc/debian-policy/ch-opersys.html#uid-and-gid-classes */
const FIRST_OF_HOSTS = 100
const OF_ADMINISTRATORS: ReadonlySet<string> = new Set(['sudo', 'wheel', 'admin'])

/** Whether a socket may be meant for a group: one that people are put into to use the engine. */
function isForPeople(name: string, groups: readonly Group[]): boolean {
  const gid = groups.find((group) => group.name === name)?.gid ?? (/^\d+$/.test(name) ? Number(name) : null)
  return name === DEFAULT_GROUP || OF_ADMINISTRATORS.has(name) || gid === null || gid >= FIRST_OF_HOSTS
}

/** The group that ought to have the socket: of docker.socket where it makes the socket for people, else the engine's setting. */
export const engineGroupName: Fact<string> = defineFact({
  name: 'engineGroupName',
  about: "The name of the group that the engine's socket is meant for.",
  needs: { settings: maybe(daemonSettings), unit: socketUnit, accounts: maybe(accounts) },
  parse: (_, { settings, unit, accounts }): string => {
    const ofSocket = unit.group?.value
    if (ofSocket && isForPeople(ofSocket, accounts.known ? accounts.value.groups : [])) return ofSocket
    const set = settings.known ? settings.value.get('group') : undefined
    return typeof set === 'string' ? set : DEFAULT_GROUP
  },
})

/** That group; null where the host has none of the name, or where none is wanted (`"group": ""`). */
export const engineGroup: Fact<Group | null> = defineFact({
  name: 'engineGroup',
  about: "The group that the engine's socket is given to; null where the host has none of that name.",
  needs: { name: engineGroupName, docker: groupNamed(DEFAULT_GROUP), accounts },
  parse: (_, { name, docker, accounts }): Group | null => {
    if (name === DEFAULT_GROUP) return docker
    return accounts.groups.find((group) => group.name === name || String(group.gid) === name) ?? null
  },
})
