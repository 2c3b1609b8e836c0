import { judgedUser } from '../../src/facts/judged-user.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { barredRootlesskit, idMapHelpers, lingers, subordinateIds } from '../../src/facts/rootless.ts'
import { defineCheck, type Found, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, runCommand, service, writeFile } from '../../src/model/fix.ts'

/** @see https://docs.docker.com/engine/security/rootless/#prerequisites */
const LEAST_IDS = 65_536

/** @see https://docs.docker.com/engine/security/rootless/#distribution-specific-hint */
const profileFor = (path: string, profile: string): string => `abi <abi/4.0>,
include <tunables/global>

${path} flags=(unconfined) {
  userns,

  include if exists <local/${profile.slice(profile.lastIndexOf('/') + 1)}>
}
`

export default defineCheck({
  id: 'engine/rootless',
  title: 'An engine without root has what it needs',
  why: 'Without the helpers and a range of ids for its user, a rootless engine does not start.',
  profiles: ['rootless'],
  needs: {
    helpers: idMapHelpers,
    ids: subordinateIds,
    user: judgedUser,
    family: packageFamily,
    barred: barredRootlesskit,
    lingers: maybe(lingers),
  },
  symptoms: [
    /newuidmap/i,
    /No subuid ranges found for user/i,
    /rootlesskit:parent\] error: failed to start the child/,
    /write failed \/proc\/self\/uid_map: Operation not permitted/,
  ],
  findings: {
    helperMissing: fail('{helper} is not installed'),
    fewIds: fail(
      '{user} has {ids} ids of its own to hand on in /etc/subuid and /etc/subgid; it takes {least}',
    ),
    powerless: warn('{helper} has no setuid bit: unless it has file capabilities, it cannot map ids'),
    barred: fail(
      'AppArmor lets only programs with a profile make user namespaces, and {path} has none: the engine cannot start',
    ),
    noLinger: warn(
      'the engine of {user} ends with their last session, and does not start at boot: they do not linger',
    ),
    asRoot: fail('a rootless engine is for an ordinary user, and this is {user}; name one with --user'),
  },
  evaluate({ helpers, ids, user, family, barred, lingers }, report) {
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
    if (barred) {
      const { path, profile } = barred
      const cure = fix(
        'Give it a profile',
        writeFile(profile, profileFor(path, profile)),
        service('apparmor', 'restart'),
      )
      found.push(report('barred', { path }, cure))
    }
    if (lingers.known && lingers.value === false) {
      const linger = runCommand(['loginctl', 'enable-linger', user.name])
      found.push(report('noLinger', { user: user.name }, fix('Let them linger', linger)))
    }
    return report.all(found, () => report.pass(`${user.name} has ${ids} ids`))
  },
})
