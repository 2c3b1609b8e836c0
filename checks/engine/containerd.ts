import { ENGINE_DOWN, START_FAILED } from '../../src/diagnose/phenomena.ts'
import { FAILS } from '../../src/diagnose/words.ts'
import {
  CONTAINERD_CONFIG,
  type ConfigLine,
  containerdConfig,
  newestFormat,
  servesKubelet,
} from '../../src/facts/containerd-config.ts'
import { containerd } from '../../src/facts/containerd-process.ts'
import { engineState } from '../../src/facts/engine.ts'
import { copies } from '../../src/facts/engine-binaries.ts'
import { containerdService } from '../../src/facts/engine-service.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, movePath, replaceLine, runCommand, service } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const rewrite = (summary: string, { text, wanted }: ConfigLine) =>
  text === ''
    ? manualFix(`Write ${wanted} in ${CONTAINERD_CONFIG}, and restart containerd`)
    : fix(summary, replaceLine(CONTAINERD_CONFIG, text, wanted), service('containerd', 'restart'))

/** What a kubelet needs stands in that file alone. */
const writeAnew = manualFix(
  `Move ${CONTAINERD_CONFIG} away, write it anew (containerd config default), and start containerd`,
)
const setAside = fix(
  'Put the file aside: containerd starts with its defaults',
  movePath(CONTAINERD_CONFIG, `${CONTAINERD_CONFIG}.too-new`),
  service('containerd', 'start'),
)

export default defineCheck({
  id: 'engine/containerd',
  title: 'containerd runs, and serves those who need it',
  why: 'The engine starts every container through containerd, and does not start itself without it.',
  profiles: ['docker', 'swarm'],
  needs: {
    containerd,
    engine: engineState,
    programs: copies('containerd'),
    unit: maybe(containerdService),
    config: maybe(containerdConfig),
    newest: maybe(newestFormat),
    forKubelet: maybe(servesKubelet),
  },
  causedBy: ['engine/installed'],
  symptoms: () => [
    shows(
      /unknown service runtime\.v1(?:alpha2)?\.(?:RuntimeService|ImageService)|container runtime is not running|validate service connection: (?:CRI|validate)/,
      0.94,
    ),
    shows(
      /(?:failed to (?:dial|connect)[^\n]{0,60}containerd|containerd\.sock[^\n]{0,120}(?:timeout|connection re(?:fused|set)|broken pipe|no such file|context deadline|connect:))/,
      0.8,
    ),
    shows(
      /docker-containerd is still running|containerd is still running|failed to start containerd|timeout waiting for containerd|containerd did not exit success|cannot connect to containerd|error connecting to containerd|Failed to connect to containerd/,
      0.4,
    ),
    shows(
      /\bdisabled_plugins\b|\bsystemd_cgroup = true|invalid plugin config|failed to load (?:TOML|plugin "?io\.containerd\.grpc\.v1\.cri)|invalid disabled plugin/,
      0.9,
    ),
    shows(
      /containerd: connection error|rpc error: code = Unavailable desc = (?:connection error|transport is closing)[^\n]*containerd/,
      0.75,
    ),
    shows(/containerd\.service: (?:Main|control) process exited|Failed to start containerd/, 0.2),
    says(
      [/\bcontainerd\b/, /\bcri\b|\bkubeadm\b|\bplugin|\bnot running|\bcrash|\bfail|没有运行|启动失败/],
      0.3,
    ),
    says(/\[ERROR CRI\]|CRI v1 runtime API/, 0.93),
    among(START_FAILED, 0.05),
    among(ENGINE_DOWN, 0.03),
    shows(
      /unknown service (?:api|runtime|containerd|grpc)\.\S*|CRIPluginService|code = Unimplemented desc = unknown service/,
      0.88,
    ),
    shows(
      /cni config uninitialized|network plugin is not ready|failed to create containerd task|CreateContainerError/,
      0.3,
    ),
    says([/\bkubelet\b|\bcrictl\b|\bk3s\b/, /\bcontainerd\b|\bruntime\b/, FAILS], 0.45),
  ],
  findings: {
    formatTooNew: fail(
      `containerd does not run: ${CONTAINERD_CONFIG} is of version {version}, and containerd {containerd} reads up to {format}`,
    ),
    criDisabled: fail(
      `the kubelet cannot use containerd: ${CONTAINERD_CONFIG} switches off its CRI plugin (disabled_plugins)`,
    ),
    criCgroupKey: fail(
      `the kubelet cannot use containerd: with systemd_cgroup = true in ${CONTAINERD_CONFIG} its CRI plugin does not load`,
    ),
    stopped: fail('containerd does not run: {socket}, which dockerd is told to use, does not exist'),
    hung: fail('containerd, process {pid}, is stopped (SIGSTOP): containers can neither start nor stop'),
  },
  evaluate({ containerd: seen, engine, programs, unit, config, newest, forKubelet }, report) {
    const { socket, socketExists, pid, process } = seen
    const written = config.known ? config.value : null
    if (process?.state === 'T' && /^containerd/.test(process.name))
      return report(
        'hung',
        { pid: pid ?? 0 },
        fix('Let the process go on', runCommand(['kill', '-CONT', String(pid)])),
      )
    const isDown = socket !== null && socketExists === false && programs.length > 0
    if (isDown && written && newest.known && newest.value && written.version > newest.value.format) {
      const slots = { version: written.version, ...newest.value }
      const isKubelets = forKubelet.known && forKubelet.value
      return report('formatTooNew', slots, isKubelets ? writeAnew : setAside)
    }
    if (isDown) {
      const start = service('containerd', 'start')
      const isMasked = unit.known && unit.value.masked
      const cure = isMasked
        ? fix('Unmask containerd, and start it', service('containerd', 'unmask'), start)
        : fix('Start containerd', start)
      return report('stopped', { socket }, cure)
    }
    if (written && forKubelet.known && forKubelet.value) {
      const { disablesCri, oldCgroupKey } = written
      if (disablesCri) return report('criDisabled', {}, rewrite('Switch CRI on', disablesCri))
      const summary = 'Take the old key back; SystemdCgroup of the runtime runc stands for it'
      if (oldCgroupKey) return report('criCgroupKey', {}, rewrite(summary, oldCgroupKey))
    }
    if (process) return report.pass(`process ${pid}`)
    if (engine.state === 'answers')
      return report.pass('the engine answers, and it would not without containerd')
    if (engine.state === 'denied' || engine.state === 'hung')
      return report.unknown("containerd's process cannot be seen by this user; run it as root")
    return socketExists
      ? report.pass(socket ?? '')
      : report.skip('the engine does not run, and would start it')
  },
})
