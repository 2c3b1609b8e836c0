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
import { fix, manualFix, service } from '../../src/model/fix.ts'

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
  symptoms: [
    /executable file not found in \$PATH/i,
    /docker: (?:command )?not found/i,
    /Unit docker\.service not found/i,
    /error adding seccomp filter rule for syscall/i,
  ],
  findings: {
    missing: fail('no container engine is installed'),
    clientOnly: fail('the docker command is installed ({client}), but not the engine, dockerd'),
    podman: fail("the docker command is podman's stand-in for it; there is no docker engine"),
    desktopOff: fail("this WSL distribution has no engine, and Docker Desktop's does not reach into it"),
    programMissing: fail('{name} is not installed: {effect}'),
    programBroken: fail('{path} is no use as {name}: {reason}', {
      causedBy: ['kernel/seccomp#tooOldForRunc'],
    }),
    helperMissing: warn('{name} is not installed: {effect}'),
    shadowed: warn('{path} hides another copy of the same program, {hidden}'),
  },
  unfixable: { shadowed: 'Which of the two copies is wanted is for their owner to say.' },
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
    const start = isDown ? [service('docker', 'start')] : []
    const restore = (name: string) =>
      fix(`Install ${name} again`, restoreProgram(name, host.family, packages), ...start)
    const found = [
      ...host.missing.map(({ name, effect, optional }) =>
        report(optional ? 'helperMissing' : 'programMissing', { name, effect }, restore(name)),
      ),
      ...host.broken.map(({ name, path, reason }) =>
        report('programBroken', { name, path, reason }, restore(name)),
      ),
      ...host.shadowed.map((shadow) => report('shadowed', { ...shadow }, null)),
    ]
    return report.all(found, () => report.pass(`dockerd is ${dockerd.path}`))
  },
})
