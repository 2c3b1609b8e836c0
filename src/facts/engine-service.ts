/** How the engine is started at boot, by whichever service manager runs. */
import {
  type AsReading,
  asReading,
  defineFact,
  type Fact,
  type OrAbsent,
  orAbsent,
  unavailable,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type DirectorySource, directory, type StatSource, sourceKey, stat } from '../model/source.ts'
import { configuredCommandLine } from './dockerd-flags.ts'
import { serviceManager } from './service-manager.ts'
import { systemdUnit, UNIT_FOLDERS, type Unit, unitValues } from './systemd-unit.ts'

export const dockerService: Fact<Unit> = systemdUnit('docker.service')
export const dockerSocket: Fact<Unit> = systemdUnit('docker.socket')
export const containerdService: Fact<Unit> = systemdUnit('containerd.service')

/** Units that docker.service cannot start without. Targets, mounts and slices may be made up at boot: no file, no fault. */
const requiredBy = (unit: Unit): readonly string[] =>
  unitValues(unit, 'Requires')
    .flatMap(({ value }) => value.split(/\s+/))
    .filter((name) => /^[\w.-]+\.(service|socket)$/.test(name))

/** Required units that do not exist. */
export const missingRequirements: Fact<readonly string[]> = defineFact({
  name: 'missingRequirements',
  about: 'Units that docker.service requires and that do not exist.',
  needs: { unit: dockerService },
  reads: ({ unit }): Record<string, AsReading<StatSource>> =>
    Object.fromEntries(
      requiredBy(unit).flatMap((name) =>
        UNIT_FOLDERS.map((folder) => [`${folder}/${name}`, asReading(stat(`${folder}/${name}`))]),
      ),
    ),
  reading: 'the unit files that docker.service requires',
  parse: (readings, { unit }): readonly string[] =>
    requiredBy(unit).filter((name) =>
      UNIT_FOLDERS.every((folder) => readings[`${folder}/${name}`]?.state === 'absent'),
    ),
})

/** The program that docker.service starts; `exists` is null where there is none, or it cannot be seen. */
export interface StartProgram {
  readonly path: string
  readonly exists: boolean | null
}

export const startProgram: Fact<StartProgram | null> = defineFact({
  name: 'startProgram',
  about: 'The program that docker.service starts, and whether it exists.',
  needs: { line: configuredCommandLine, services: serviceManager },
  reads: ({ line }): Record<string, AsReading<StatSource>> => {
    const path = line?.words[0] ?? ''
    return path.startsWith('/') ? { program: asReading(stat(path)) } : {}
  },
  reading: 'the program of docker.service',
  parse: ({ program }, { line, services }): StartProgram | null => {
    if (services.kind !== 'systemd' || !program || !line) return null
    return {
      path: line.words[0] ?? '',
      exists: program.state === 'ok' ? true : program.state === 'absent' ? false : null,
    }
  },
})

/** Which of what is known to start the engine at boot does. */
export interface BootStart {
  /** `none` where this host has no service manager that we know, or no script of the engine for it. */
  readonly by: 'systemd' | 'openrc' | 'sysvinit' | 'none'
  readonly enabled: boolean
  /** Only its socket is there at boot: systemd starts the engine on the first call. */
  readonly onCall?: boolean
  /** A script of SysV init whose links were turned to stop it. */
  readonly disabled?: boolean
}

const RUNLEVELS = ['/etc/rc2.d', '/etc/rc3.d', '/etc/rc5.d', '/etc/rc.d/rc3.d', '/etc/rc.d/rc5.d'] as const
const OPENRC = '/etc/runlevels/default'

export const bootStart: Fact<BootStart> = defineFact({
  name: 'bootStart',
  about: 'Whether the engine is started at boot, and by what.',
  needs: { services: serviceManager, unit: dockerService },
  reads: ({ services, unit }): Record<string, OrAbsent<DirectorySource> | AsReading<StatSource>> => {
    const targets = unitValues(unit, 'WantedBy').flatMap(({ value }) => value.split(/\s+/))
    const wants = [...targets, 'multi-user.target', 'sockets.target'].filter((name) => /^[\w.-]+$/.test(name))
    const folders =
      services.kind === 'systemd'
        ? ['/etc', '/run', '/usr/lib'].flatMap((root) =>
            wants.map((name) => `${root}/systemd/system/${name}.wants`),
          )
        : services.kind === 'openrc'
          ? [OPENRC]
          : RUNLEVELS
    const listings = Object.fromEntries(folders.map((path) => [path, orAbsent(directory(path))]))
    return { ...listings, script: asReading(stat('/etc/init.d/docker')) }
  },
  reading: 'the folders of units or scripts that are started at boot',
  parse: ({ script, ...listings }, { services, unit }): BootStart => {
    const names = Object.values(listings as Record<string, readonly string[] | null>).flatMap(
      (list) => list ?? [],
    )
    const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name))
    if (services.kind === 'systemd') {
      const always = unit.fragment !== null && !unit.directives.some(({ section }) => section === 'Install')
      const enabled = has(/^docker\.service$/) || always
      const onCall = !enabled && has(/^docker\.socket$/)
      return { by: 'systemd', enabled: enabled || onCall, onCall }
    }
    const scripted = script as Reading<StatSource>
    if (scripted.state === 'absent') return { by: 'none', enabled: false }
    if (scripted.state !== 'ok') return unavailable(sourceKey(stat('/etc/init.d/docker')), scripted)
    if (services.kind === 'openrc') return { by: 'openrc', enabled: has(/^docker$/) }
    // What runs as PID 1 in a container, or as WSL's own init, starts nothing by itself.
    const isInit = services.kind === 'other' && services.init === 'init'
    return isInit
      ? { by: 'sysvinit', enabled: has(/^S\d\ddocker$/), disabled: has(/^K\d\ddocker$/) }
      : { by: 'none', enabled: false }
  },
})
