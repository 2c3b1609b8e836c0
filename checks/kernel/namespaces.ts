import { FAILS } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { namespaces } from '../../src/facts/namespaces.ts'
import { settings } from '../../src/facts/settings.ts'
import { persistedSysctl } from '../../src/facts/sysctl.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { fix, manualFix, replaceLine, setSysctl } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** What every container is made of; the others (cgroup since 4.6, time since 5.6, user) the engine does without. */
const REQUIRED = ['pid', 'net', 'ipc', 'mnt', 'uts'] as const
/** The value that docker's rootless set-up writes: https://github.com/moby/moby/blob/v27.0.0/contrib/dockerd-rootless-setuptool.sh */
const ENOUGH = 28633
const USERS = 'user.max_user_namespaces'
const CLONE = 'kernel.unprivileged_userns_clone'

export default defineCheck({
  id: 'kernel/namespaces',
  title: 'Namespaces exist and can be made',
  why: 'A container is a set of namespaces: where one kind is missing or used up, none starts.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs: { namespaces, settings, engine: maybe(daemonSettings), persisted: persistedSysctl(USERS) },
  causedBy: ['kernel/config', 'host/virtualization'],
  symptoms: () => [
    shows(/fork\/exec \/proc\/self\/exe: no space left on device/, 0.96),
    shows(/fork\/exec \/proc\/self\/exe: invalid argument/, 0.9),
    shows(/user\.max_user_namespaces|max_user_namespaces/, 0.93),
    shows(
      /running exec setns process for init caused|nsenter: (?:could not|failed to) (?:clone|unshare)|failed to unshare (?:namespaces|remaining namespaces)|clone(?:3)?\([^\n)]*\)?: (?:Operation not permitted|No space left)/,
      0.75,
    ),
    shows(
      /RUNTIME_DIRECTORY|special execution directory|unshare(?: failed)?: (?:unshare failed: )?(?:No space left on device|Invalid argument)|Failed to set up mount namespacing|PrivateTmp/,
      0.85,
    ),
    shows(/unprivileged_userns_clone/, 0.4),
    shows(/kernel\.unprivileged_userns_clone ?= ?0|^0$[\s\S]{0,4}unprivileged_userns_clone/, 0.9),
    shows(
      /user namespaces? (?:are|is) (?:not (?:enabled|supported|available)|disabled)|No permissions to create (?:a )?new namespace|kernel does not (?:allow|support) .{0,20}user namespace/,
      0.85,
    ),
    says([/user ?namespaces?|\buserns/, FAILS], 0.55),
    shows(
      /(?:clone|unshare)[^\n]{0,30}: (?:Operation not permitted|Invalid argument|No space left on device|No such file)/,
      0.6,
    ),
    says([/\bunshare\b|\bCLONE_NEW\w+|\bnamespaces?\b/, FAILS], 0.5),
    says(
      [
        /\bunshare|\buser ?namespace|\buserns|\brootless/,
        /\bcent ?os(?: linux)? ?7\b|\brhel ?7|\bel7\b/,
        FAILS,
      ],
      0.8,
    ),
  ],
  findings: {
    missing: fail('this kernel has no {kinds} namespaces: containers cannot be started'),
    noneAllowed: fail('{key} is 0: containers cannot be started'),
    usersMayNot: fail(`${CLONE} is 0: a rootless engine cannot start`),
    noneAllowedAtBoot: warn(`${USERS} is {now} now, and {file} makes it 0 at the next boot`),
  },
  evaluate({ namespaces, settings, engine, persisted }, report) {
    const { present, most, usersMay } = namespaces
    const remapped = engine.known && Boolean(engine.value.get('userns-remap'))
    const rootless = settings.profile === 'rootless'
    const needed = rootless || remapped ? ([...REQUIRED, 'user'] as const) : REQUIRED
    const lacking = needed.filter((kind) => !present.has(kind))
    if (lacking.length > 0) {
      const newer = manualFix('Boot a kernel that has these namespaces: the one of the distribution does.')
      return report('missing', { kinds: lacking.join(', ') }, newer)
    }
    const zero = needed.find((kind) => most.get(kind) === 0)
    const offAtBoot = persisted?.value === '0'
    const persist = offAtBoot ? [replaceLine(persisted.file, persisted.text, `${USERS} = ${ENOUGH}`)] : []
    if (zero) {
      const key = `user.max_${zero}_namespaces`
      const line = zero === 'user' ? persist : []
      return report(
        'noneAllowed',
        { key },
        fix('Allow them, now and at boot', ...line, setSysctl(key, ENOUGH)),
      )
    }
    if (rootless && !usersMay)
      return report('usersMayNot', {}, fix('Let ordinary users make user namespaces', setSysctl(CLONE, 1)))
    if (offAtBoot && (rootless || remapped)) {
      const now = most.get('user') ?? 'not limited'
      return report(
        'noneAllowedAtBoot',
        { now, file: persisted.file },
        fix('Keep them allowed at boot', ...persist),
      )
    }
    return report.pass(`${[...present].filter((name) => !name.endsWith('_for_children')).join(', ')}`, {
      userNamespaces: present.has('user') && most.get('user') !== 0,
    })
  },
})
