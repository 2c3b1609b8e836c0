import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { programs } from '../../src/facts/programs.ts'
import { defineCheck, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix } from '../../src/model/fix.ts'
import { shows } from '../../src/model/symptom.ts'

/** iproute2 goes by three names; bridge-utils, which it replaces, is not packaged everywhere. */
const IPROUTE = { default: ['iproute2'], dnf: ['iproute'], yum: ['iproute'] }

/** @see https://wiki.linuxfoundation.org/networking/bridge which calls brctl obsolete */
export default defineCheck({
  id: 'network/bridge-utils',
  title: 'A tool to look into bridges is there',
  why: 'The engine needs none, but without one nobody can see or mend what containers are plugged into.',
  profiles: ['docker', 'swarm'],
  needs: { tools: programs('brctl', 'bridge', 'ip'), family: maybe(packageFamily) },
  symptoms: () => [shows(/brctl: (?:command )?not found/, 0.97)],
  findings: {
    missing: warn('neither brctl (bridge-utils) nor bridge and ip (iproute2) are installed'),
  },
  evaluate({ tools, family }, report) {
    const brctl = tools.get('brctl')
    if (brctl) return report.pass(`bridge-utils: ${brctl}`)
    const successor = tools.get('bridge') ?? tools.get('ip')
    if (successor) return report.pass(`iproute2 serves in place of brctl: ${successor}`)
    const step = install(family.known ? family.value : null, IPROUTE)
    return report('missing', {}, fix('Install iproute2', step))
  },
})
