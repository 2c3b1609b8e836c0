/** What keeps systemd from starting the engine as its unit says. */
import { dataset } from '../data/dataset.ts'
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { atLeast } from '../versions.ts'
import { configuredCommandLine } from './dockerd-flags.ts'
import { dockerService, dockerSocket, missingRequirements, startProgram } from './engine-service.ts'
import { engineVersion } from './engine-version.ts'
import { serviceManager } from './service-manager.ts'
import { type Unit, unitValues } from './systemd-unit.ts'

interface Place {
  readonly file: string
  readonly line: number
}

export interface SystemdStart {
  readonly hasUnit: boolean
  /** The masked ones of docker.service and the docker.socket that it needs. What a masked service needs cannot be read: its socket counts, then. */
  readonly masked: readonly { readonly unit: string; readonly path: string }[]
  /** Where the ExecStart that counts stands. */
  readonly at: Place
  /** An ExecStart that was added without clearing the one before. */
  readonly added: Place | null
  /** The program to start, where it does not exist. */
  readonly missingProgram: string | null
  /** Started as `docker daemon`, which was removed in 17.12. */
  readonly isOldCommand: boolean
  readonly removedFlags: readonly { readonly flag: string; readonly since: string }[]
  /** `-H fd://` without a docker.socket that could hand over its socket. */
  readonly lacksSocketUnit: boolean
  readonly missingRequirement: string | null
}

const maskOf = (unit: Unit): SystemdStart['masked'] =>
  unit.masked ? [{ unit: unit.name, path: unit.fragment ?? '' }] : []

/** null where systemd is not in charge. */
export const systemdStart: Fact<SystemdStart | null> = defineFact({
  name: 'systemdStart',
  about: 'What keeps systemd from starting the engine as its unit says; null where systemd is not in charge.',
  needs: {
    services: serviceManager,
    unit: dockerService,
    socket: dockerSocket,
    requirements: missingRequirements,
    program: startProgram,
    line: configuredCommandLine,
    version: maybe(engineVersion),
    removals: dataset('removals'),
  },
  parse: (
    _,
    { services, unit, socket, requirements, program, line, version, removals },
  ): SystemdStart | null => {
    if (services.kind !== 'systemd') return null
    const [, second] = unitValues(unit, 'ExecStart')
    const isOneshot = unitValues(unit, 'Type').at(-1)?.value === 'oneshot'
    const flags = line?.flags ?? []
    const isActivated = flags.some(({ name, value }) => name === 'host' && value.startsWith('fd:'))
    const release = version.known ? version.value : null
    const removedFlags = flags.flatMap(({ name: flag }) => {
      const since = removals.flags.find(({ name }) => name === flag)?.removedIn
      return release && since && atLeast(release, since) ? [{ flag, since }] : []
    })
    return {
      hasUnit: unit.fragment !== null,
      masked: [...maskOf(unit), ...(unit.masked || isActivated ? maskOf(socket) : [])],
      at: { file: line?.file ?? '', line: line?.line ?? 0 },
      added: second && !isOneshot ? { file: second.file, line: second.line } : null,
      missingProgram: program?.exists === false ? program.path : null,
      isOldCommand: /(^|\/)docker$/.test(line?.words[0] ?? '') && line?.words[1] === 'daemon',
      removedFlags,
      lacksSocketUnit: isActivated && socket.fragment === null,
      missingRequirement: requirements[0] ?? null,
    }
  },
})
