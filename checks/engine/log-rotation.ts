import { isUnbounded, largeLogs, logDefaults, rotatedBy } from '../../src/facts/container-logs.ts'
import { daemonFile } from '../../src/facts/daemon-config.ts'
import { engineTools } from '../../src/facts/engine-tools.ts'
import { inspectedContainers } from '../../src/facts/inspected-containers.ts'
import { bytes } from '../../src/facts/units.ts'
import { quote } from '../../src/fix/shell.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, restartEngine, setJson } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** As in the documentation's example. @see https://docs.docker.com/engine/logging/drivers/json-file/#usage */
const BOUNDS = { 'max-size': '10m', 'max-file': '3' }

export default defineCheck({
  id: 'engine/log-rotation',
  title: "Containers' logs are bounded",
  why: 'The engine keeps all that a container prints: without a bound its log fills the disk some day.',
  profiles: ['docker', 'swarm'],
  needs: {
    tools: engineTools,
    file: daemonFile,
    defaults: logDefaults,
    rotated: maybe(rotatedBy),
    inspected: maybe(inspectedContainers),
    large: maybe(largeLogs),
  },
  causedBy: ['engine/config'],
  symptoms: () => [
    says([/-json\.log|container logs?\b|日志/, /\bhuge|\blarge|\bGB\b|\bfill|\bdisk|占用|很大/], 0.85),
    shows(/\b\d+(?:\.\d+)?G\b[^\n]{0,200}-json\.log|-json\.log[^\n]{0,40}\b\d+(?:\.\d+)? ?G/, 0.85),
    shows(/json-file map\[\]/, 0.7),
  ],
  findings: {
    large: warn('the log of {name} has grown to {size}, and nothing bounds it'),
    unbounded: warn("new containers' logs grow without bound: {driver} has no max-size"),
    older: warn('the logs of {names} grow without bound: they were created before logs were bounded'),
  },
  evaluate({ tools, file, defaults, rotated, inspected, large }, report) {
    if (!tools.installed && !tools.running) return report.skip('no engine is installed here')
    if (rotated.known && rotated.value) return report.pass(`logrotate bounds them (${rotated.value})`)
    const { driver, unbounded, byFlags } = defaults
    const found = (large.known ? large.value : []).map(({ name, bytes: size, path }) => {
      const empty = `truncate --size=0 ${quote(path)}`
      return report(
        'large',
        { name, size: bytes(size) },
        manualFix(`Empty it, if what it holds may be lost: ${empty}`),
      )
    })
    const running = (inspected.known ? inspected.value : []).filter(({ runs }) => runs)
    const older = running.filter(({ logDriver, logOptions }) => isUnbounded(logDriver, logOptions))
    const eachIsBounded = running.length > 0 && older.length === 0
    if (unbounded && !eachIsBounded) {
      const steps = Object.entries(BOUNDS).map(([key, value]) => setJson(file.path, ['log-opts', key], value))
      const bound = byFlags
        ? manualFix('Add --log-opt max-size=10m --log-opt max-file=3 to the flags of dockerd, and restart it')
        : fix('Bound the logs of containers that are created from now on', ...steps, restartEngine)
      found.push(report('unbounded', { driver }, bound))
    }
    if (!unbounded && older.length > 0) {
      const names = older.map(({ container }) => container.name).join(', ')
      const anew =
        'Create them anew (docker compose up -d --force-recreate, or docker rm and run): logs keep the settings of their creation'
      found.push(report('older', { names }, manualFix(anew)))
    }
    return report.all(found, () =>
      report.pass(unbounded ? 'each running container bounds its own' : `${driver} is bounded`),
    )
  },
})
