import { CONTAINER } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { engineTools } from '../../src/facts/engine-tools.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { settings } from '../../src/facts/settings.ts'
import { inSwarm } from '../../src/facts/swarm-membership.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, restartEngine, type Step, service } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

const KEY = 'live-restore'
const UNTOLD = 'whether this host is a node of a swarm; run it as root'
/** The engine takes this setting over without a restart. @see https://docs.docker.com/engine/daemon/live-restore/#enable-live-restore */
/** A flag counts from the next start on; daemon.json is read again at once. */
const applied = (steps: readonly Step[]): readonly Step[] => [
  ...steps,
  steps.some(({ kind }) => kind === 'json') ? service('docker', 'reload') : restartEngine,
]

export default defineCheck({
  id: 'engine/live-restore',
  title: 'live-restore fits what this host is for',
  why: 'With it containers outlive a restart of the engine; a node of a swarm does not start with it.',
  profiles: ['docker', 'swarm', 'hardening'],
  needs: {
    settings,
    daemon: daemonSettings,
    engine: maybe(runningEngine),
    swarm: inSwarm,
    tools: engineTools,
  },
  symptoms: () => [
    shows(/live-restore daemon configuration is incompatible with swarm mode/, 0.97),
    says([CONTAINER, /\blive-restore\b/], 0.8),
  ],
  findings: {
    withSwarm: fail('live-restore is on, and this host is a node of a swarm: the engine does not start so'),
    beforeSwarm: fail('live-restore is on: this host can neither start nor join a swarm'),
    off: warn('live-restore is off: each restart or update of the engine stops every container'),
  },
  evaluate({ settings, daemon, engine, swarm, tools }, report) {
    if (!tools.installed && !tools.running) return report.skip('no engine is installed here')
    const given = daemon.get(KEY)
    const on = given === true || given === 'true'
    if (!on) {
      if (settings.profile !== 'hardening' || swarm) return report.pass('off')
      if (swarm === null) return report.unknown(UNTOLD)
      return report('off', {}, fix('Switch it on', ...applied(changeSetting(daemon, KEY, true))))
    }
    const switchOff = changeSetting(daemon, KEY, undefined)
    if (swarm) {
      const answers = engine.known && engine.value !== null
      const steps = answers ? switchOff : [...switchOff, service('docker', 'start')]
      return report('withSwarm', {}, fix('Switch it off', ...steps))
    }
    if (settings.profile === 'swarm')
      return report('beforeSwarm', {}, fix('Switch it off', ...applied(switchOff)))
    return swarm === null ? report.unknown(UNTOLD) : report.pass('on')
  },
})
