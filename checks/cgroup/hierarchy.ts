import { FAILS } from '../../src/diagnose/words.ts'
import { mountHierarchies, mountNamed, toUnified } from '../../src/facts/cgroup-steps.ts'
import { cgroups } from '../../src/facts/cgroups.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { kubelet } from '../../src/facts/kubelet.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

/** Its `docker info` says so itself: https://github.com/moby/moby/issues/51111 */
const ENGINE_WARNS = '29.0.0'
/** Since then containerd's second shim starts containers, which only notes what it cannot find. @see https://github.com/moby/moby/pull/41210 */
const NAMED_MAY_LACK = '20.10.0'
/** https://kubernetes.io/docs/concepts/architecture/cgroups/#deprecation-of-cgroup-v1 */
const KUBELET_REFUSES = '1.35.0'

export default defineCheck({
  id: 'cgroup/hierarchy',
  title: 'Control groups are mounted',
  why: 'Without control groups no container can be started, limited or stopped.',
  profiles: ['docker', 'rootless', 'swarm', 'check-config'],
  needs: {
    cgroups,
    manager: serviceManager,
    engine: maybe(runningEngine),
    installed: maybe(engineVersion),
    kubelet: maybe(kubelet),
  },
  causedBy: ['host/virtualization'],
  symptoms: () => [
    shows(/cannot (?:found|find) cgroup mount destination/, 0.85),
    shows(/cgroup mountpoint does not exist/, 0.35),
    shows(/Devices cgroup isn't mounted/, 0.5),
    shows(/mountpoint for \w+ not found|no cgroup mount found|unable to find "?\w+"? cgroup in mounts/, 0.5),
    shows(
      /cgroups? v1[^\n]{0,80}(?:deprecated|maintenance|not supported|unsupported)|FailCgroupV1|support for cgroups? v1/,
      0.95,
    ),
    shows(/\bcgmanager\b/, 0.95),
    says([/\bcgroups? ?v1\b/, /\bdeprecat|\bkubelet|\bunsupported|\bno longer|\bwarning|弃用/], 0.9),
    says([/\bcgroup/, /\bmount|挂载/, FAILS], 0.65),
    shows(/mount -t cgroup|special device (?:none|cgroup) does not exist/, 0.45),
    shows(/unknown subsys or module|cgroup: unknown|cgroup filesystem|cgroupfs-mount/, 0.5),
    shows(/(?:open|stat|mkdir) \/(?:dev\/)?cgroups?\/\S*: no such file/, 0.7),
  ],
  findings: {
    notMounted: fail('no control group hierarchy is mounted: the engine cannot start'),
    namedNotMounted: fail(
      'the hierarchy name={name} that processes belong to is not mounted: engine {version} cannot start containers',
    ),
    kubeletRefuses: fail('this host uses cgroup v1, and kubelet {version} does not start on it'),
    engineDeprecates: warn(
      'this host uses cgroup v1, which engine {version} supports until May 2029 at the latest',
    ),
  },
  evaluate({ cgroups, manager, engine, installed, kubelet }, report) {
    const { mode, hybrid, named, memberOf } = cgroups
    if (mode === 'none') return report('notMounted', {}, mountHierarchies(cgroups, manager.kind))
    if (mode === 'v2') return report.pass('cgroup v2, the unified hierarchy', { version: 2 })
    const works = engine.known && (engine.value?.info.containersRunning ?? 0) > 0
    const lost = [...memberOf]
      .flatMap((name) => /^name=(.+)/.exec(name)?.[1] ?? [])
      .find((name) => !named.has(name))
    if (lost && !works && !installed.known) return report.unknown(installed.why)
    const isOld = installed.known && installed.value !== null && !atLeast(installed.value, NAMED_MAY_LACK)
    if (lost && !works && isOld) {
      const slots = { name: lost, version: `${installed.value}` }
      return report('namedNotMounted', slots, fix('Mount the named hierarchy', mountNamed(lost)))
    }
    const data = { version: 1, hybrid }
    const node = kubelet.known ? kubelet.value : null
    if (node && !node.allowsCgroupV1 && atLeast(node.version, KUBELET_REFUSES)) {
      return report('kubeletRefuses', { version: node.version }, toUnified(manager.kind), data)
    }
    const version = engine.known ? engine.value?.version.version : undefined
    if (version && atLeast(version, ENGINE_WARNS)) {
      return report('engineDeprecates', { version }, toUnified(manager.kind), data)
    }
    return report.pass(hybrid ? 'cgroup v1 (hybrid)' : 'cgroup v1', data)
  },
})
