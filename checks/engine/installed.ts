import { ENGINE_DOWN, PROGRAM_MISSING } from '../../src/diagnose/phenomena.ts'
import { FAILS, UPGRADE } from '../../src/diagnose/words.ts'
import { clientReach } from '../../src/facts/client-reach.ts'
import { dockerdProcess } from '../../src/facts/dockerd-process.ts'
import { engineState, runningEngine } from '../../src/facts/engine.ts'
import { copies, dockerClient, isPodmanStandIn } from '../../src/facts/engine-binaries.ts'
import { installEngine, restoreProgram } from '../../src/facts/engine-install.ts'
import { dockerSnap, enginePackages } from '../../src/facts/engine-packages.ts'
import { brokenPrograms, missingPrograms, shadowedPrograms } from '../../src/facts/engine-parts.ts'
import { osRelease } from '../../src/facts/os-release.ts'
import { packageFamily } from '../../src/facts/package-manager.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import {
  disruptive,
  type Fix,
  fix,
  manualFix,
  restartEngine,
  type Step,
  service,
} from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'engine/installed',
  title: 'The engine and all its programs are installed',
  why: 'Without the engine nothing runs containers, and a program that is missing breaks what needs it.',
  profiles: ['docker', 'swarm'],
  needs: {
    dockerd: copies('dockerd'),
    client: dockerClient,
    missing: missingPrograms,
    broken: brokenPrograms,
    shadowed: shadowedPrograms,
    podman: isPodmanStandIn,
    snap: dockerSnap,
    engine: maybe(runningEngine),
    state: maybe(engineState),
    process: maybe(dockerdProcess),
    reach: maybe(clientReach),
    packages: maybe(enginePackages),
    machine: maybe(virtualization),
    family: packageFamily,
    os: osRelease,
    services: serviceManager,
  },
  symptoms: () => [
    shows(
      /exec: "?(?:docker-)?(?:containerd|runc|dockerd|docker-init|docker-proxy|containerd-shim[\w-]*)"?: executable file not found/,
      0.95,
    ),
    shows(
      /(?:dockerd|docker-?containerd|docker-proxy|docker-init|docker-runc|containerd-shim[\w-]*|\brunc)['"`]?:? (?:command not found|not found|No such file or directory|cannot execute)/,
      0.85,
    ),
    shows(
      /(?:docker: (?:command )?not found|command 'docker' not found|docker: unrecognized service|未找到命令)/,
      0.75,
      { unless: /could not be found in this WSL|WSL integration/ },
    ),
    shows(
      /Could not find the requested service docker\b|Unit docker\.service (?:not found|could not be found|not loaded)|docker\.service: No such file|docker\.service does not exist|Failed to (?:enable|start) (?:unit: Unit file )?docker\.service[^\n]{0,20}does not exist/,
      0.4,
    ),
    shows(
      /fork\/exec \S{0,80}(?:containerd-shim(?!-(?!runc-))|docker-proxy|runc|containerd)\S{0,40}: no such file|unable to find "?docker-(?:proxy|init)|failed to find docker-(?:proxy|init)/,
      0.9,
    ),
    shows(
      /Executable "?\/?\S*dockerd"? not found|(?:\/etc\/init\.d\/docker|init\.d)[^\n]{0,80}dockerd/,
      0.85,
    ),
    shows(
      /status=203\/EXEC|Failed at step EXEC spawning \S*docker|Failed to (?:locate executable|execute command)[^\n]{0,60}(?:dockerd|docker)/,
      0.7,
    ),
    shows(/error adding seccomp filter rule for syscall clone3/, 0.75),
    shows(/runc did not terminate success?fully: exit status 127/, 0.15),
    shows(/runc did not terminate success?fully/, 0.3),
    shows(/System tray for (?:KDE|docklet)|docklet|freedesktop\.org system tray/, 0.95),
    shows(
      /unsupported (?:shim|task) version|incompatible (?:shim|runc)|unknown service containerd|docker-containerd-shim|exec: \\?"?docker-runc/,
      0.6,
    ),
    says(
      [
        /\bapt(?:-get)? install docker\b(?!\.|-)|\bbrew\b|\bpackage\b|安装/,
        /docker/,
        FAILS,
        /\bservice\b|\bdaemon\b|\bdockerd\b|command not found|服务/,
      ],
      0.25,
    ),
    says(
      [
        /\brunc\b|\bcontainerd\b|\bdockerd\b/,
        /\bPATH\b|\bmissing\b|not found|\btwo versions|older version|\bshadow|\bwrong\b|找不到/,
      ],
      0.4,
    ),
    shows(/docker is \S+\s+docker is \S+|\/docker: \d+: exec: \S+ not found/, 0.8),
    says(
      [
        /\bdocker(?: is| was|'s| itself)? (?:missing|gone|uninstalled|removed)\b|docker ?(?:没了|不见了|消失了)/,
        UPGRADE,
      ],
      0.7,
    ),
    among(ENGINE_DOWN, 0.07),
    among(PROGRAM_MISSING, 0.1),
    says(
      [
        /\bdockerd\b|\bcontainerd\b|\brunc\b|docker-proxy|docker-init|\bshim\b/,
        /\bno\b|\bmissing|\bnot (?:found|installed|exist)|\bgone\b|\bremoved|缺少|找不到/,
      ],
      0.35,
      { unless: /containerd\.sock|CRI|newuidmap/ },
    ),
    shows(/could not find plugin|failed to find plugin "\w+" in path/, 0.5),
  ],
  findings: {
    missing: fail('no container engine is installed'),
    clientOnly: fail('the docker command is installed ({client}), but not the engine, dockerd'),
    podman: fail("the docker command is podman's stand-in for it; there is no docker engine"),
    podmanInFront: warn(
      "{client} is podman's stand-in for the docker command: what it runs is not this host's engine",
    ),
    desktopOff: fail("this WSL distribution has no engine, and Docker Desktop's does not reach into it"),
    programMissing: fail('{name} is not installed: {effect}'),
    programBroken: fail('{path} is no use as {name}: {reason}', {
      causedBy: ['kernel/seccomp#tooOldForRunc'],
    }),
    helperMissing: warn('{name} is not installed: {effect}'),
    shadowed: warn('{path} hides another copy of the same program, {hidden}'),
  },
  unfixable: {
    shadowed: 'Which of the two copies is wanted is for their owner to say.',
    podmanInFront: 'Which of the two engines is wanted is for their owner to say.',
  },
  evaluate(host, report) {
    if (host.state.known && host.state.value.state === 'elsewhere')
      return report.skip(`${host.state.value.product} answers in the engine's place`)
    const [dockerd] = host.dockerd
    if (!dockerd) {
      const runs =
        (host.engine.known && host.engine.value) || (host.process.known && host.process.value?.isEngine)
      if (runs) return report.pass('an engine runs from a folder of its own')
      if (host.snap) return report.pass('the docker snap is installed')
      if (host.reach.known && host.reach.value.leads === 'other')
        return report.skip(`docker commands go to ${host.reach.value.endpoint.host}`)
      const install = fix('Install the engine', ...installEngine(host.family, host.os, host.services))
      const desktop = manualFix(
        'Switch on WSL integration for this distribution in Docker Desktop, and start it',
      )
      if (host.podman) return report('podman', {}, install)
      if (host.machine.known && /^wsl/.test(host.machine.value.name)) return report('desktopOff', {}, desktop)
      return host.client
        ? report('clientOnly', { client: host.client }, install)
        : report('missing', {}, install)
    }
    const packages = host.packages.known ? host.packages.value : new Map<string, string>()
    const isDown = host.engine.known && host.engine.value === null
    const restore = (name: string): Fix => {
      const steps = [restoreProgram(name, host.family, packages), ...afterwards(name, isDown)]
      const summary = `Install ${name} again`
      // Packages of the engine start it anew, or may; the client's does not.
      return isDown || name === 'docker' ? fix(summary, ...steps) : disruptive(summary, ...steps)
    }
    const found = [
      ...host.missing.map(({ name, effect, optional }) =>
        report(optional ? 'helperMissing' : 'programMissing', { name, effect }, restore(name)),
      ),
      ...host.broken.map(({ name, path, reason }) =>
        report('programBroken', { name, path, reason }, restore(name)),
      ),
      ...(host.podman && host.client ? [report('podmanInFront', { client: host.client }, null)] : []),
      ...host.shadowed.map((shadow) => report('shadowed', { ...shadow }, null)),
    ]
    return report.all(found, () => report.pass(`dockerd is ${dockerd.path}`))
  },
})

/** Before 23.0 the engine keeps the port of a container that could not be started for want of docker-proxy. */
function afterwards(name: string, isDown: boolean): readonly Step[] {
  if (isDown) return [service('docker', 'start')]
  return name === 'docker-proxy' ? [restartEngine] : []
}
