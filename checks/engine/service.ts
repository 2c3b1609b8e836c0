import { REMOVED_FLAGS } from '../../src/data/removed-flags.ts'
import { configuredCommandLine } from '../../src/facts/dockerd-flags.ts'
import { copies } from '../../src/facts/engine-binaries.ts'
import { compareDotted } from '../../src/facts/engine-lines.ts'
import { dockerSnap } from '../../src/facts/engine-packages.ts'
import {
  bootStart,
  dockerService,
  dockerSocket,
  missingRequirements,
  startProgram,
} from '../../src/facts/engine-service.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { unitValues } from '../../src/facts/systemd-unit.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, runCommand, service } from '../../src/model/fix.ts'

const start = service('docker', 'start')

export default defineCheck({
  id: 'engine/service',
  title: "The engine's service is sound and starts at boot",
  why: 'A unit that is masked, missing or overridden keeps the engine down; one that is not enabled is gone after a reboot.',
  profiles: ['docker', 'swarm'],
  needs: {
    services: serviceManager,
    dockerd: copies('dockerd'),
    snap: dockerSnap,
    unit: dockerService,
    socket: dockerSocket,
    requirements: missingRequirements,
    program: startProgram,
    line: configuredCommandLine,
    version: maybe(engineVersion),
    boot: bootStart,
  },
  causedBy: ['engine/installed'],
  symptoms: [
    /Unit docker\.service (?:not found|is masked)/i,
    /more than one ExecStart=/i,
    /no sockets found via socket activation/i,
  ],
  findings: {
    unitMissing: fail('dockerd is installed, but there is no docker.service to start it'),
    masked: fail('{unit} is masked ({path}): systemd refuses to start it'),
    requirementMissing: fail('docker.service requires {unit}, which does not exist'),
    severalStarts: fail(
      '{file} line {line} adds an ExecStart to docker.service without clearing the one before',
    ),
    programMissing: fail('docker.service starts {path}, which does not exist ({file} line {line})'),
    oldCommand: fail('{file} line {line} starts the engine as "docker daemon", which is gone since 17.12'),
    removedFlag: fail('{file} line {line} gives dockerd --{flag}, which version {since} removed'),
    noSocketUnit: fail(
      '{file} line {line} makes dockerd take its socket from systemd (-H fd://), and there is no docker.socket',
    ),
    notEnabled: warn('the engine is not started at boot'),
  },
  evaluate({ services, dockerd, snap, unit, socket, requirements, program, line, version, boot }, report) {
    if (dockerd.length === 0)
      return report.skip(snap ? 'the snap has a service of its own' : 'no engine is installed here')
    if (services.kind === 'systemd') {
      const where = { file: line?.file ?? '', line: line?.line ?? 0 }
      const edit = (what: string) =>
        manualFix(`${what} in ${where.file}, then run: systemctl daemon-reload && systemctl restart docker`)
      const unmask = (name: string) => fix(`Unmask ${name}`, service(name, 'unmask'), start)
      const starts = unitValues(unit, 'ExecStart')
      const [second] = starts.slice(1)
      const flags = line?.flags ?? []
      const isOneshot = unitValues(unit, 'Type').at(-1)?.value === 'oneshot'
      const activated = flags.some(({ name, value }) => name === 'host' && value.startsWith('fd:'))
      const release = (version.known && version.value) || ''
      if (unit.masked)
        return report('masked', { unit: 'docker.service', path: unit.fragment ?? '' }, unmask('docker'))
      if (!unit.fragment)
        return report(
          'unitMissing',
          {},
          manualFix(
            'Install the engine from a package, which brings the unit; or link the unit file into /etc/systemd/system',
          ),
        )
      if (second && !isOneshot)
        return report(
          'severalStarts',
          { file: second.file, line: second.line },
          manualFix(
            `Write an empty ExecStart= line before it in ${second.file}, then run: systemctl daemon-reload`,
          ),
        )
      if (/(^|\/)docker$/.test(line?.words[0] ?? '') && line?.words[1] === 'daemon')
        return report('oldCommand', where, edit('Start /usr/bin/dockerd'))
      if (program?.exists === false)
        return report('programMissing', { path: program.path, ...where }, edit(`Correct ${program.path}`))
      const removed = flags.find(
        ({ name }) => release && compareDotted(release, REMOVED_FLAGS[name] ?? '999') >= 0,
      )
      if (removed)
        return report(
          'removedFlag',
          { flag: removed.name, since: REMOVED_FLAGS[removed.name] ?? '', ...where },
          edit(`Take --${removed.name} out`),
        )
      if (activated && socket.masked)
        return report(
          'masked',
          { unit: 'docker.socket', path: socket.fragment ?? '' },
          unmask('docker.socket'),
        )
      if (activated && !socket.fragment)
        return report('noSocketUnit', where, edit('Write -H unix:///var/run/docker.sock instead of -H fd://'))
      const [missing] = requirements
      if (missing)
        return report(
          'requirementMissing',
          { unit: missing },
          manualFix(`Install what brings ${missing}, or take it out of Requires=`),
        )
    }
    if (boot.by === 'none')
      return report.skip(
        `no service manager that starts the engine is in charge (${services.init || services.kind})`,
      )
    if (boot.enabled) return report.pass(`${boot.by} starts it at boot`)
    const enable = {
      systemd: service('docker', 'enable'),
      openrc: runCommand(['rc-update', 'add', 'docker', 'default']),
      sysvinit: runCommand(['update-rc.d', 'docker', 'defaults']),
    }[boot.by]
    return report('notEnabled', {}, fix('Start it at boot', enable))
  },
})
