import { ENGINE_DOWN, START_FAILED } from '../../src/diagnose/phenomena.ts'
import { DOCKER, FAILS } from '../../src/diagnose/words.ts'
import { editArguments, startWith, withFlag } from '../../src/facts/command-line-steps.ts'
import { type CommandLine, configuredCommandLine } from '../../src/facts/dockerd-flags.ts'
import { ENGINE_SOCKET } from '../../src/facts/engine.ts'
import { copies } from '../../src/facts/engine-binaries.ts'
import { restoreUnit } from '../../src/facts/engine-install.ts'
import { dockerSnap, enginePackages } from '../../src/facts/engine-packages.ts'
import { type BootStart, bootStart, dockerService } from '../../src/facts/engine-service.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { systemdStart } from '../../src/facts/systemd-start.ts'
import { type Unit, unitValues } from '../../src/facts/systemd-unit.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import {
  disruptive,
  type Fix,
  fix,
  manualFix,
  reloadUnits,
  replaceLine,
  runCommand,
  type Step,
  service,
  writeFile,
} from '../../src/model/fix.ts'
import { among, mentions, says, shows } from '../../src/model/symptom.ts'

/** As the engine's packages bring it. @see https://github.com/moby/moby/blob/v20.10.24/contrib/init/systemd/docker.socket */
const writeSocketUnit = fix(
  "Write docker.socket anew, as the engine's packages bring it",
  writeFile(
    '/etc/systemd/system/docker.socket',
    `[Unit]
Description=Docker Socket for the API

[Socket]
ListenStream=/run/docker.sock
SocketMode=0660
SocketUser=root
SocketGroup=docker

[Install]
WantedBy=sockets.target
`,
  ),
  reloadUnits,
  service('docker', 'start'),
)

/** A dependency cannot be reset by a drop-in: its line is changed, where an administrator wrote it. */
function notRequired(missing: string, unit: Unit): Fix {
  if (missing === 'docker.socket') return writeSocketUnit
  const lines = unitValues(unit, 'Requires').filter(({ value }) => value.split(/\s+/).includes(missing))
  const steps = lines.map(({ file, text, value }) => {
    const others = value.split(/\s+/).filter((name) => name !== missing)
    const to = others.length > 0 ? `Requires=${others.join(' ')}` : null
    return text !== null && file.startsWith('/etc/') ? replaceLine(file, text, to) : null
  })
  const summary = `Do without ${missing}, unless what brings it is to be installed`
  const edits = steps.flatMap((step) => step ?? [])
  if (edits.length < steps.length || edits.length === 0)
    return manualFix(`Install what brings ${missing}, or take it out of Requires=`)
  return fix(summary, ...edits, reloadUnits, service('docker', 'start'))
}

/** Flags that live on under another name. @see https://docs.docker.com/engine/deprecated/#-g-and---graph-flags-on-dockerd */
const RENAMED: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  graph: (words) => words.map((word) => word.replace(/^(?:--graph|-g)(?==|$)/, '--data-root')),
}

const withoutRemoved = (flag: string) => RENAMED[flag] ?? withFlag(flag, () => [])

/** Variables hold arguments alone: only an ExecStart begins with a program. */
function startedBy(engine: string, words: readonly string[]): readonly string[] {
  const [program = '', command, ...others] = words
  if (!/^[-@:+!]*\//.test(program)) return words
  const isOld = program.endsWith('/docker') && command === 'daemon'
  return isOld ? [engine, ...others] : [engine, ...words.slice(1)]
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
    own: dockerService,
    family: maybe(packageFamily),
    packages: maybe(enginePackages),
  },
  causedBy: ['engine/installed'],
  symptoms: () => [
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
      /Command "daemon" is deprecated|`docker daemon` is not supported|'daemon' is not a docker command|ExecStart=\S{0,80}\/docker (?:-d|daemon)|docker\.service[^\n]{0,80}status=125|Process: [^\n]*docker[^\n]*status=125|code=exited, status=125/,
      0.85,
    ),
    shows([/ExecStart=\S{0,80}\/docker (?:-d|daemon)/, /status=125/], 0.95, { isPlain: true }),
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
        /\bon boot|at boot|after (?:a )?reboot|automatically|autostart|开机|自启|自动启动|重启(?:后|之后|等)/,
        /\bnot (?:start|run)|doesn't start|didn't start|won't start|don't start|没有启动|不启动|(?:不会|不能|没有|没|无法)(?:自动)?(?:启动|自启)/,
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
    mentions(
      /docker\.service\.d|\w\.conf\b[^\n]{0,60}drop-in|[Dd]rop-[Ii]n[:,]? [^\n]{0,60}\.conf|10-execstart/,
      0.6,
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
  evaluate({ services, dockerd, snap, start, boot, line, own, family, packages }, report) {
    const [engine] = dockerd
    if (!engine)
      return report.skip(snap ? 'the snap has a service of its own' : 'no engine is installed here')
    if (start) {
      const { at, masked, added, missingProgram: path, removedFlags, missingRequirement: unit } = start
      const correct = (
        what: string,
        steps: readonly Step[] | null,
        then: 'start' | 'restart' = 'start',
      ): Fix =>
        steps
          ? fix(what, ...steps, service('docker', then))
          : manualFix(`${what} in ${at.file}, then run: systemctl daemon-reload && systemctl start docker`)
      // Whatever is wrong with the line at once: with half of it the engine would not start.
      const soundLine = editArguments(line, (words) => {
        const started = path || start.isOldCommand ? startedBy(engine.path, words) : words
        return removedFlags.reduce((kept, { flag }) => withoutRemoved(flag)(kept), started)
      })
      const [firstMasked] = masked
      if (firstMasked) {
        const units = masked.map(({ unit }) => unit)
        const steps = units.map((unit) => service(unit, 'unmask'))
        return report(
          'masked',
          firstMasked,
          fix(`Unmask ${units.join(' and ')}`, ...steps, service('docker', 'start')),
        )
      }
      if (!start.hasUnit)
        return report(
          'unitMissing',
          {},
          disruptive(
            'Install the engine anew from its package, which brings the unit',
            restoreUnit(family.known ? family.value : null, packages.known ? packages.value : new Map()),
            service('docker', 'start'),
          ),
        )
      if (added)
        return report('severalStarts', added, correct('Clear the one before', soundLine ?? clearStarts(line)))
      if (start.isOldCommand)
        // Newer clients wait for ever for the engine that they were to become.
        return report('oldCommand', at, correct(`Start ${engine.path}`, soundLine, 'restart'))
      if (path) return report('programMissing', { path, ...at }, correct(`Start ${engine.path}`, soundLine))
      const [removed] = removedFlags
      if (removed) {
        const { flag } = removed
        const what = flag in RENAMED ? `Call --${flag} by its new name` : `Take --${flag} out`
        return report('removedFlag', { ...removed, ...at }, correct(what, soundLine))
      }
      if (start.lacksSocketUnit && unit === 'docker.socket')
        return report('noSocketUnit', at, writeSocketUnit)
      if (start.lacksSocketUnit) {
        const steps = editArguments(line, withFlag('host', listenThemselves))
        const what = 'Write -H unix:///var/run/docker.sock instead of -H fd://'
        return report('noSocketUnit', at, correct(what, steps))
      }
      if (unit) return report('requirementMissing', { unit }, notRequired(unit, own))
    }
    if (boot.by === 'none')
      return report.skip(
        `nothing that starts services at boot is in charge (${services.init || services.kind})`,
      )
    if (boot.onCall)
      return report.pass(
        'systemd starts it on the first call (docker.socket); until then no container starts again after a boot',
      )
    return boot.enabled
      ? report.pass(`${boot.by} starts it at boot`)
      : report('notEnabled', {}, fix('Start it at boot', enable(boot)))
  },
})
