import { editArguments, startWith, withFlag } from '../../src/facts/command-line-steps.ts'
import { type CommandLine, configuredCommandLine } from '../../src/facts/dockerd-flags.ts'
import { ENGINE_SOCKET } from '../../src/facts/engine.ts'
import { copies } from '../../src/facts/engine-binaries.ts'
import { dockerSnap } from '../../src/facts/engine-packages.ts'
import { type BootStart, bootStart } from '../../src/facts/engine-service.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { systemdStart } from '../../src/facts/systemd-start.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { type Fix, fix, manualFix, runCommand, type Step, service } from '../../src/model/fix.ts'

/** Flags that live on under another name. @see https://docs.docker.com/engine/deprecated/#-g-and---graph-flags-on-dockerd */
const RENAMED: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  graph: (words) => words.map((word) => word.replace(/^(?:--graph|-g)(?==|$)/, '--data-root')),
}

const clearStarts = (line: CommandLine | null): readonly Step[] | null => {
  const [start] = line?.sources ?? []
  return start ? [startWith(start.value)] : null
}

const listenThemselves = (hosts: readonly string[]): readonly string[] =>
  hosts.map((host) => (host.startsWith('fd:') ? `unix://${ENGINE_SOCKET}` : host))

/** `defaults` leaves links alone that stop it, and `enable` wants links. @see https://manpages.debian.org/update-rc.d */
function enable({ by, disabled }: BootStart): Step {
  if (by !== 'sysvinit') return service('docker', 'enable')
  return disabled
    ? runCommand(['update-rc.d', 'docker', 'enable'], { undo: ['update-rc.d', 'docker', 'disable'] })
    : runCommand(['update-rc.d', 'docker', 'defaults'], { undo: ['update-rc.d', '-f', 'docker', 'remove'] })
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
    line: configuredCommandLine,
  },
  causedBy: ['engine/installed'],
  symptoms: [
    /Unit docker\.service (?:not found|is masked)/i,
    /Failed to start docker\.service: Unit not found/i,
    /Command "daemon" is deprecated/i,
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
  evaluate({ services, dockerd, snap, start, boot, line }, report) {
    const [engine] = dockerd
    if (!engine)
      return report.skip(snap ? 'the snap has a service of its own' : 'no engine is installed here')
    if (start) {
      const { at, masked, added, missingProgram: path, removedFlag, missingRequirement: unit } = start
      const correct = (what: string, steps: readonly Step[] | null): Fix =>
        steps
          ? fix(what, ...steps, service('docker', 'start'))
          : manualFix(`${what} in ${at.file}, then run: systemctl daemon-reload && systemctl start docker`)
      const startAs = (...program: readonly string[]) =>
        editArguments(line, ([, ...words]) => [...program, ...words.slice(start.isOldCommand ? 1 : 0)])
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
      if (added) return report('severalStarts', added, correct('Clear the one before', clearStarts(line)))
      if (start.isOldCommand)
        return report('oldCommand', at, correct(`Start ${engine.path}`, startAs(engine.path)))
      if (path)
        return report(
          'programMissing',
          { path, ...at },
          correct(`Start ${engine.path}`, startAs(engine.path)),
        )
      if (removedFlag) {
        const { flag } = removedFlag
        const steps = editArguments(line, RENAMED[flag] ?? withFlag(flag, () => []))
        const what = flag in RENAMED ? `Call --${flag} by its new name` : `Take --${flag} out`
        return report('removedFlag', { ...removedFlag, ...at }, correct(what, steps))
      }
      if (start.lacksSocketUnit) {
        const steps = editArguments(line, withFlag('host', listenThemselves))
        const what = 'Write -H unix:///var/run/docker.sock instead of -H fd://'
        return report('noSocketUnit', at, correct(what, steps))
      }
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
      : report('notEnabled', {}, fix('Start it at boot', enable(boot)))
  },
})
