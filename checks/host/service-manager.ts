import { FAILS } from '../../src/diagnose/words.ts'
import { engineState } from '../../src/facts/engine.ts'
import { serviceManager } from '../../src/facts/service-manager.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { WSL_CONF, withSystemd, wslConf } from '../../src/facts/wsl-conf.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manual, writeFile } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

export default defineCheck({
  id: 'host/service-manager',
  title: 'A service manager can start the engine',
  why: 'Without one, systemctl fails and nothing starts the engine at boot.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: {
    manager: serviceManager,
    where: maybe(virtualization),
    engine: maybe(engineState),
    wsl: maybe(wslConf),
  },
  symptoms: () => [
    shows(
      /System has not been booted with systemd|Failed to connect to bus: Host is down|PID 1\)\. Can't operate/,
      0.94,
    ),
    says([/\bsystemctl\b|\bsystemd\b/, /\bwsl|\bnot booted|PID 1/], 0.85),
    says([/\bwsl ?2?\b/, /\bservice|\bdaemon|\bstart/, FAILS], 0.45),
  ],
  findings: {
    wslWithoutSystemd: warn(
      'this WSL distribution runs without systemd: systemctl does not work, and nothing starts the engine',
    ),
  },
  evaluate({ manager, where, engine, wsl }, report) {
    const { kind, init } = manager
    const data = { manager: kind, init }
    const onWsl = where.known && where.value.machine === 'wsl2'
    // Docker Desktop's engine is another machine: it needs nothing of this one.
    const works = engine.known && ['answers', 'elsewhere'].includes(engine.value.state)
    if (onWsl && kind === 'other' && !works) {
      const text = wsl.known ? (wsl.value ?? '') : null
      const restart = manual('Run wsl --shutdown in Windows and open the distribution again.')
      const write =
        text === null
          ? manual(`Write systemd=true into section [boot] of ${WSL_CONF}.`)
          : writeFile(WSL_CONF, withSystemd(text))
      return report('wslWithoutSystemd', {}, fix('Let WSL start systemd', write, restart), data)
    }
    if (kind !== 'other') return report.pass(kind, data)
    if (init === '') return report.unknown('the name of PID 1 cannot be read')
    return report.pass(`${init} without systemd or OpenRC: the engine is started by its own script`, data)
  },
})
