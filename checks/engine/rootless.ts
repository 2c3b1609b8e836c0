import { judgedUser } from '../../src/facts/judged-user.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { idMapHelpers, subordinateIds } from '../../src/facts/rootless.ts'
import { defineCheck, type Found, fail, warn } from '../../src/model/check.ts'
import { fix, manualFix, runCommand } from '../../src/model/fix.ts'

/** @see https://docs.docker.com/engine/security/rootless/#prerequisites */
const LEAST_IDS = 65_536

export default defineCheck({
  id: 'engine/rootless',
  title: 'An engine without root can map the ids of containers',
  why: 'Without the helpers and a range of ids for its user, a rootless engine does not start.',
  profiles: ['rootless'],
  needs: { helpers: idMapHelpers, ids: subordinateIds, user: judgedUser, family: packageFamily },
  symptoms: [/newuidmap/i, /No subuid ranges found for user/i],
  findings: {
    helperMissing: fail('{helper} is not installed'),
    fewIds: fail(
      '{user} has {ids} ids of its own to hand on in /etc/subuid and /etc/subgid; it takes {least}',
    ),
    powerless: warn('{helper} has no setuid bit: unless it has file capabilities, it cannot map ids'),
    asRoot: fail('a rootless engine is for an ordinary user, and this is {user}; name one with --user'),
  },
  evaluate({ helpers, ids, user, family }, report) {
    if (user.uid === 0) {
      return report(
        'asRoot',
        { user: user.name },
        manualFix('Run seaworthy as the user of the engine, or with --user NAME'),
      )
    }
    const found: Found[] = []
    const [missing] = helpers.missing
    const [powerless] = helpers.powerless
    if (missing) {
      const step = install(family, {
        apt: ['uidmap'],
        apk: ['shadow-uidmap'],
        pacman: ['shadow'],
        default: ['shadow-utils'],
      })
      found.push(report('helperMissing', { helper: missing }, fix('Install the helpers', step)))
    }
    if (ids < LEAST_IDS) {
      const range = '100000-165535'
      const cure = manualFix(
        `Give ${user.name} a range of ids that nobody else has`,
        `As root: usermod --add-subuids ${range} --add-subgids ${range} NAME, with another range if this one is taken.`,
      )
      found.push(report('fewIds', { user: user.name, ids, least: LEAST_IDS }, cure))
    }
    if (powerless) {
      const cure = fix('Set the bit', runCommand(['chmod', 'u+s', powerless]))
      found.push(report('powerless', { helper: powerless }, cure))
    }
    return report.all(found, () => report.pass(`${user.name} has ${ids} ids`))
  },
})
