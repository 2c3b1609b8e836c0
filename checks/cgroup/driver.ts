import { FAILS } from '../../src/diagnose/words.ts'
import { cgroupDriver, withDriver } from '../../src/facts/cgroup-driver.ts'
import { cgroups } from '../../src/facts/cgroups.ts'
import { DAEMON_JSON } from '../../src/facts/daemon-config.ts'
import { type Kubelet, kubelet } from '../../src/facts/kubelet.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import {
  type Fix,
  fix,
  manualFix,
  replaceLine,
  restartEngine,
  service,
  setJson,
} from '../../src/model/fix.ts'
import { mentions, says, shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

/** https://docs.docker.com/reference/cli/dockerd/#options-for-the-runtime */
const DRIVERS = ['systemd', 'cgroupfs']

/**
 * Through containerd or CRI-O the kubelet never meets the engine's driver.
 * Since 1.24 it has no part for docker of its own: https://kubernetes.io/blog/2022/05/03/dockershim-historical-context/
 */
const usesEngine = ({ runtimeEndpoint, version }: Kubelet): boolean =>
  runtimeEndpoint === '' ? !atLeast(version, '1.24.0') : !/containerd|crio/.test(runtimeEndpoint)

export default defineCheck({
  id: 'cgroup/driver',
  title: 'The cgroup driver fits the host',
  why: 'With a driver that the host cannot serve, or two that disagree, the engine or the kubelet does not start.',
  profiles: ['docker', 'swarm'],
  needs: { driver: cgroupDriver, cgroups, manager: serviceManager, kubelet: maybe(kubelet) },
  causedBy: ['host/service-manager', 'cgroup/hierarchy'],
  symptoms: () => [
    shows(
      /kubelet cgroup driver|is different from docker cgroup driver|cgroup driver: ["'](?:systemd|cgroupfs)/,
      0.97,
    ),
    shows(
      /org\.freedesktop\.systemd1 was not provided|systemd cgroup flag passed|unable to (?:start unit "|apply[^\n]{0,40} systemd)|expected cgroupsPath to be of format|dial unix \/run\/systemd\/private|Interactive authentication required/,
      0.93,
    ),
    shows(/cgroup-parent for systemd cgroup/, 0.93, {
      ofCommand:
        'the command names a parent group (--cgroup-parent) as the cgroupfs driver has them: where systemd manages the groups it is a slice, such as jobs.slice',
    }),
    shows(
      [
        /cgroupdriver/,
        /\bkubelet|\bkubeadm|cgroup[^\n]{0,80}(?:fail|error|not|unable)|(?:fail|error|unable)[^\n]{0,80}cgroup/,
      ],
      0.93,
    ),
    mentions(/cgroupdriver/, 0.5),
    says(/\bcgroup ?driver|\bcgroupfs\b|cgroup 驱动/, 0.85),
    says([/\bkubelet\b/, /\bcgroup/], 0.6),
    shows(/IsDockerSystemdCheck|as the Docker cgroup driver|recommended driver is "systemd"/, 0.95),
    shows(/\[kubelet-check\] [^\n]{0,200}kubelet isn't running|(?:localhost|127\.0\.0\.1):10248\b/, 0.55),
    says([/\bkubeadm\b|\bkubelet\b/, /\bv?1\.22\b/, FAILS], 0.55),
  ],
  findings: {
    misspelt: fail('native.cgroupdriver={asked} is not a cgroup driver: there are systemd and cgroupfs'),
    unavailable: fail('the engine is to use the systemd cgroup driver, and systemd does not run here'),
    kubeletMisspelt: fail('{file} sets the cgroup driver to {asked}, which is neither systemd nor cgroupfs'),
    mismatch: fail(
      'the engine uses the {engine} cgroup driver and the kubelet {kubelet}: the kubelet does not start',
    ),
    cgroupfsUnderSystemd: warn(
      'the engine manages cgroups itself (cgroupfs) while systemd manages cgroup v2: two writers in one tree',
    ),
  },
  evaluate({ driver, cgroups, manager, kubelet }, report) {
    const { effective, asked, execOpts, file } = driver
    const systemd = manager.kind === 'systemd'
    const best = systemd ? 'systemd' : 'cgroupfs'
    const use = (wanted: string): Fix =>
      asked !== null && file === null
        ? manualFix(
            `Give dockerd --exec-opt native.cgroupdriver=${wanted} and restart it; containers are recreated.`,
          )
        : fix(
            `Use the ${wanted} driver (containers are recreated)`,
            setJson(file ?? DAEMON_JSON, ['exec-opts'], withDriver(execOpts, wanted)),
            restartEngine,
          )
    if (asked !== null && !DRIVERS.includes(asked)) return report('misspelt', { asked }, use(best))
    if (effective === 'none') return report.skip('a rootless engine without cgroups uses no driver')
    if ((asked ?? effective) === 'systemd' && !systemd) return report('unavailable', {}, use('cgroupfs'))
    const node = kubelet.known ? kubelet.value : null
    if (node?.cgroupDriver && usesEngine(node)) {
      const { cgroupDriver: theirs, cgroupDriverFile: where, cgroupDriverLine: line } = node
      if (!DRIVERS.includes(theirs)) {
        const correct = fix(
          `Write ${effective} without further characters`,
          replaceLine(where, line, line.replace(theirs, effective)),
          service('kubelet', 'restart'),
        )
        return report('kubeletMisspelt', { file: where, asked: theirs }, correct)
      }
      if (theirs !== effective) return report('mismatch', { engine: effective, kubelet: theirs }, use(theirs))
      return report.pass(`the ${effective} driver, as the kubelet`, { driver: effective })
    }
    if (effective === 'cgroupfs' && systemd && cgroups.mode === 'v2') {
      return report('cgroupfsUnderSystemd', {}, use('systemd'))
    }
    return report.pass(`the ${effective} driver`, { driver: effective })
  },
})
