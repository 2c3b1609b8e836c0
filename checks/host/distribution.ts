import { FAILS } from '../../src/diagnose/words.ts'
import { distributionLife } from '../../src/facts/distribution-life.ts'
import { extendedSupport } from '../../src/facts/extended-support.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { manualFix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Time enough to plan a move: our choice, there is no standard for it. */
const SOON_DAYS = 90

/** It is the image's release that has ended then. */
const IN_A_BUILD = /^(?:Step \d+\/\d+|FROM |#\d+ |=> )|failed to solve|returned a non-zero code/

export default defineCheck({
  id: 'host/distribution',
  title: 'The distribution still gets updates',
  why: 'A release past its end of life gets no fixes, and engine packages are no longer built for it.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: { life: distributionLife, enrolled: extendedSupport },
  symptoms: () => [
    shows(
      /(?:Release|release) file[^\n]{0,40}(?:does not have|no longer has)|404 +Not Found[^\n]*docker|Unable to find a match: docker-ce|No package docker-ce available|has no installation candidate/,
      0.5,
    ),
    // Releases that have ended.
    shows(
      /\b(?:precise|trusty|xenial|yakkety|zesty|artful|cosmic|disco|eoan|groovy|hirsute|impish|kinetic|lunar|mantic|wheezy|jessie|stretch|buster)\b[^\n]{0,20} Release'? (?:does not|no longer) ha/,
      0.8,
      { unless: IN_A_BUILD },
    ),
    shows(/\bmirrorlist\.centos\.org\b/, 0.85, { unless: IN_A_BUILD }),
    says([/\bcent ?os[ -]?[56]\b|\brhel ?[56]\b|\bubuntu ?1[02]\.\d\d|\bdebian ?[67]\b/, FAILS], 0.4),
  ],
  findings: {
    unfit: fail('{name} is older than any release that the engine runs on'),
    ended: warn('{name} gets no updates any more (end of life: {until})'),
    extendedOnly: warn('{name} gets updates only through {programme}: general support ended on {until}'),
    endsSoon: warn('{name} gets updates until {until} only: {days} days from now'),
  },
  evaluate({ life, enrolled }, report) {
    if (!life) return report.skip('there is no os-release file that tells the distribution')
    const { state, name, until, days, programme, extended } = life
    const data = { name, ...(until ? { until } : {}), ...(extended ? { extended } : {}) }
    const move = manualFix('Move to a release of the distribution that gets updates.')
    if (state === 'unfit') return report('unfit', { name }, move, data)
    if (state === 'ended') return report('ended', { name, until }, move, data)
    if (state === 'extended' && enrolled)
      return report.pass(`${name}, with ${programme} until ${extended}`, data)
    if (state === 'extended') {
      const subscribe = manualFix(
        `Move to a newer release, or see that this host is enrolled in ${programme} (until ${extended}).`,
      )
      return report('extendedOnly', { name, programme, until }, subscribe, data)
    }
    if (state === 'supported' && days !== null && days <= SOON_DAYS) {
      return report('endsSoon', { name, until, days }, move, data)
    }
    if (state === 'supported') return report.pass(`${name}, with updates until ${until}`, data)
    return report.pass(state === 'foreign' ? `${name}, whose end of life we do not know` : name, data)
  },
})
