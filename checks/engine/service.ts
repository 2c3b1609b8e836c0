import { ENGINE_DOWN, START_FAILED } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import { copies } from '../../src/facts/engine-binaries.ts'
import { dockerSnap } from '../../src/facts/engine-packages.ts'
import { bootStart } from '../../src/facts/engine-service.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { systemdStart } from '../../src/facts/systemd-start.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { fix, manualFix, runCommand, service } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const RELOAD = 'then run: systemctl daemon-reload && systemctl restart docker'
const ENABLE = {
  systemd: service('docker', 'enable'),
  openrc: runCommand(['rc-update', 'add', 'docker', 'default']),
  sysvinit: runCommand(['update-rc.d', 'docker', 'defaults']),
}

export default defineCheck({
  id: 'engine/service',
  title: "The engine's service is sound and starts at boot",
  why: 'A unit that is masked, missing or overridden keeps the engine down; one that is not enabled is gone after a reboot.',
  profiles: ['docker', 'swarm'],
  needs: {
    services: serviceManager,
    dockerd: copies('dockerd'),
    snap: dockerSnap,
    start: systemdStart,
    boot: bootStart,
  },
  causedBy: ['engine/installed'],
  symptoms: [
    shows(/no sockets found via socket activation/, 0.95),
    shows(/has more than one ExecStart=/, 0.97),
    shows(
      /\bUnit (?:file )?\S*docker\.(?:service|socket) is masked|docker\.(?:service|socket) is masked|\(masked; |Loaded: masked/,
      0.94,
    ),
    shows(
      /Unit (?:docker\.socket|containerd\.service|docker-storage-setup\.service|\S+\.mount) (?:not found|could not be found)/,
      0.7,
    ),
    shows(/Failed to (?:re)?start docker\.service: Unit not found|Unit not found\./, 0.9),
    shows(/Unit docker\.service (?:not found|could not be found|not loaded)/, 0.2),
    shows(
      /Unit (?:is not loaded properly|docker\.service (?:is not loaded properly|has a bad unit file setting)|docker\.service failed to load)/,
      0.85,
    ),
    shows(
      /Failed to load environment files|Failed to run 'start' task: No such file|Result: resources|Failed with result 'resources'/,
      0.85,
    ),
    shows(
      /Command "daemon" is deprecated|`docker daemon` is not supported|'daemon' is not a docker command|ExecStart=\S*\/docker (?:-d|daemon)|docker\.service[^\n]{0,80}status=125|Process: [^\n]*docker[^\n]*status=125|code=exited, status=125/,
      0.85,
    ),
    shows(/docker\.socket: Socket service docker\.service (?:not loaded|already active), refusing/, 0.8),
    shows(
      /Dependency failed for (?:docker\.service - )?Docker|dependency job for docker\.service failed/,
      0.4,
    ),
    shows(/status=203\/EXEC|Failed at step EXEC/, 0.3),
    says(
      [/\bdrop-?in|override\.conf|docker\.service\.d|unit file|systemd unit|ExecStart/, DOCKER, FAILS],
      0.65,
    ),
    says(
      [
        DOCKER,
        /\bon boot|at boot|after (?:a )?reboot|automatically|autostart|开机|自启/,
        /\bnot (?:start|run)|doesn't start|didn't start|won't start|don't start|没有启动|不启动/,
      ],
      0.6,
    ),
    says([/\bmasked\b/, DOCKER], 0.9),
    among(START_FAILED, 0.14),
    among(ENGINE_DOWN, 0.12),
    shows(/[Nn]o sockets found/, 0.9),
    says(
      [/systemctl (?:re)?start docker|service docker start/, /\bno such file|\bnot found|\bunit\b|\binvalid/],
      0.5,
    ),
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
  evaluate({ services, dockerd, snap, start, boot }, report) {
    if (dockerd.length === 0)
      return report.skip(snap ? 'the snap has a service of its own' : 'no engine is installed here')
    if (start) {
      const { at, masked, added, missingProgram: path, removedFlag, missingRequirement: unit } = start
      const edit = (what: string, file = at.file) => manualFix(`${what} in ${file}, ${RELOAD}`)
      if (masked)
        return report(
          'masked',
          masked,
          fix(`Unmask ${masked.unit}`, service(masked.unit, 'unmask'), service('docker', 'start')),
        )
      if (!start.hasUnit)
        return report(
          'unitMissing',
          {},
          manualFix('Install the engine from a package, which brings the unit'),
        )
      if (added)
        return report('severalStarts', added, edit('Write an empty ExecStart= line before it', added.file))
      if (start.isOldCommand) return report('oldCommand', at, edit('Start /usr/bin/dockerd'))
      if (path) return report('programMissing', { path, ...at }, edit(`Correct ${path}`))
      if (removedFlag)
        return report('removedFlag', { ...removedFlag, ...at }, edit(`Take --${removedFlag.flag} out`))
      if (start.lacksSocketUnit)
        return report('noSocketUnit', at, edit('Write -H unix:///var/run/docker.sock instead of -H fd://'))
      if (unit)
        return report(
          'requirementMissing',
          { unit },
          manualFix(`Install what brings ${unit}, or take it out of Requires=`),
        )
    }
    if (boot.by === 'none')
      return report.skip(
        `nothing that starts services at boot is in charge (${services.init || services.kind})`,
      )
    return boot.enabled
      ? report.pass(`${boot.by} starts it at boot`)
      : report('notEnabled', {}, fix('Start it at boot', ENABLE[boot.by]))
  },
})
