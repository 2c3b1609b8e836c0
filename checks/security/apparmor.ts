import { CONTAINER } from '../../src/diagnose/words.ts'
import { appArmor, type Denial, engineDenials, profileError } from '../../src/facts/apparmor.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { program } from '../../src/facts/programs.ts'
import { settings } from '../../src/facts/settings.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import {
  disruptive,
  type Fix,
  fix,
  manual,
  manualFix,
  restartEngine,
  updatePackage,
} from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Releases that insist on the parser wherever the kernel has AppArmor. @see https://github.com/moby/moby/pull/45043 */
const INSISTS = /^23\.0\.[01](?!\d)/

const needs = {
  state: appArmor,
  parser: program('apparmor_parser'),
  version: engineVersion,
  engine: maybe(runningEngine),
  error: maybe(profileError),
  denials: maybe(engineDenials),
  family: packageFamily,
  settings,
}
type Facts = Values<typeof needs>

const findings = {
  parserMissing: fail(
    'AppArmor is on, and apparmor_parser is not installed: engine {version} starts no container',
  ),
  parserMismatch: fail(
    "apparmor_parser does not understand the engine's profile, so no container starts: {error}",
  ),
  profileNotLoaded: fail('the engine could not load its AppArmor profile, so no container starts: {error}', {
    causedBy: ['host/virtualization'],
  }),
  denied: fail('AppArmor has just denied {program} {operation}{detail}; its profile is {profile}'),
  unstoppable: fail(
    'AppArmor has just kept {program} from stopping a container: {profile} takes no signal from {peer}',
  ),
  notGraceful: warn(
    'AppArmor has just kept {program} from asking a container to stop: {profile} takes no signal from {peer}, so it was killed',
  ),
  notUsed: warn('AppArmor is on, and the engine does not confine its containers with it'),
}
type Report = Reporter<typeof findings>

const uses = ({ engine }: Facts): boolean | null =>
  engine.known && engine.value && !engine.value.info.rootless
    ? engine.value.info.securityOptions.some((option) => option.startsWith('name=apparmor'))
    : null

const installParser = ({ family }: Facts): Fix => {
  const step = install(family, {
    apt: ['apparmor'],
    default: ['apparmor'],
    dnf: [],
    yum: [],
    zypper: ['apparmor-parser'],
  })
  return disruptive("Install AppArmor's parser, and restart the engine", step, restartEngine)
}

/** The engine's profile is newer than the parser, or written for one that is. */
function updateParser({ family }: Facts): Fix {
  const summary = 'Bring AppArmor and the engine to versions of one time'
  const rest = manual('If that does not do, update the engine, too, and restart it.')
  if (family !== 'apt' && family !== 'zypper')
    return manualFix(summary, 'Upgrade both, then restart the engine.')
  const update = updatePackage(family, family === 'apt' ? 'apparmor' : 'apparmor-parser')
  return disruptive(summary, update, restartEngine, rest)
}

/** The profile that the engine makes, and the parser that has to take it. */
function judgeProfile(facts: Facts, report: Report): Found | null {
  const { parser, version, error } = facts
  if (parser === null && version !== null && (uses(facts) || INSISTS.test(version)))
    return report('parserMissing', { version }, installParser(facts))
  if (!error.known || !error.value) return null
  const said = error.value
  if (/executable file not found/.test(said))
    return report('parserMissing', { version: version ?? '' }, installParser(facts))
  if (/syntax error|parser error|TOK_|invalid capability/i.test(said)) {
    return report('parserMismatch', { error: said }, updateParser(facts))
  }
  const cure = manualFix(
    'Look at what keeps profiles from being loaded here: sudo aa-status, and whether this is itself a container',
  )
  return report('profileNotLoaded', { error: said }, cure)
}

/** The last of what AppArmor denied the engine. */
function judgeDenial({ denials }: Facts, report: Report): Found | null {
  const last: Denial | undefined = denials.known ? denials.value.at(-1) : undefined
  if (!last) return null
  const { program, operation, profile, peer, path } = last
  if (operation !== 'signal' || profile === 'unconfined') {
    const cure = manualFix(
      'Give the profile what the engine needs',
      `sudo aa-logprof proposes the missing rules; sudo aa-complain ${profile} lets it pass until then. Docker needs no profile of its own.`,
    )
    return report('denied', { program, operation, detail: path ? ` of ${path}` : '', profile }, cure)
  }
  const slots = { program, profile, peer: peer || 'it' }
  // AppArmor 4 gives runc a name, which the profile of engines before 26.1 does not know. @see https://github.com/moby/moby/pull/47749
  if (/^(?:runc|crun)$/.test(peer) && profile === 'docker-default')
    return report('notGraceful', slots, manualFix('Upgrade the engine to 26.1 or newer, and restart it'))
  // The same of containerd's own, for pods. @see https://github.com/containerd/containerd/pull/10123
  if (/^(?:runc|crun)$/.test(peer) && profile.startsWith('cri-containerd'))
    return report(
      'unstoppable',
      slots,
      manualFix('Upgrade containerd to a release that is newer than May 2024, and restart it'),
    )
  const cure = peer.startsWith('snap.')
    ? manualFix('Keep one engine: remove the snap, or the package beside it, then reboot')
    : manualFix(
        `Restart the engine, which loads its profile anew; if that does not help: sudo aa-complain ${peer || profile}`,
      )
  return report('unstoppable', slots, cure)
}

export default defineCheck({
  id: 'security/apparmor',
  title: 'AppArmor is off, or works with the engine',
  why: 'Where its profile cannot be loaded no container starts; where AppArmor denies the engine, containers do not start or stop.',
  profiles: ['docker', 'swarm', 'hardening', 'check-config'],
  needs,
  symptoms: () => [
    shows(/docker-default profile could not be loaded/, 0.8, { unless: /while confined/ }),
    shows(/docker-default profile could not be loaded/, 0.3),
    shows(/exec: "apparmor_parser"|apparmor_parser: (?:command )?not found|AppArmor parser error/, 0.9, {
      unless: /while confined/,
    }),
    shows(/apparmor failed to apply profile|unable to apply apparmor profile/, 0.93, { isPlain: true }),
    shows(/Profile doesn't conform to protocol/, 0.85),
    shows(/apparmor="DENIED"(?![^\n]*profile="snap)/, 0.85),
    shows(/(?:dial|listen) (?:unix|tcp|udp)\S*(?: \S+)?: socket: permission denied/, 0.88),
    shows(/cannot (?:stop|kill) container[^\n]{0,200}permission denied/, 0.4),
    says(/\bapparmor\b/, 0.8, { unless: /apparmor_restrict_unprivileged_userns|rootless/ }),
    shows(
      /unknown error after kill[^\n]*permission denied|unable to signal init: permission denied|failed to kill container[^\n]*permission denied/,
      0.45,
    ),
    says(
      [
        /\bcan(?:no|')t (?:stop|kill|remove)|\bunable to (?:stop|kill|remove)|无法(?:停止|删除)/,
        CONTAINER,
        /permission denied/,
      ],
      0.45,
    ),
    shows(/apparmor_parser|AppArmor/, 0.4, { unless: /while confined|rootlesskit|userns/ }),
  ],
  findings,
  evaluate(facts, report) {
    const { state, version, parser, settings } = facts
    if (state === 'unsupported') return report.skip('this kernel has no AppArmor')
    if (state === 'off') return report.skip('AppArmor is switched off')
    const found = [judgeProfile(facts, report), judgeDenial(facts, report)].filter((one) => one !== null)
    const used = uses(facts)
    if (settings.profile === 'hardening' && found.length === 0 && used === false) {
      const cure =
        parser === null
          ? installParser(facts)
          : fix('Restart the engine, which looks for AppArmor at its start', restartEngine)
      found.push(report('notUsed', {}, cure))
    }
    return report.all(found, () => {
      if (version === null) return report.pass('on; no engine is installed')
      if (parser === null && !facts.engine.known) return report.unknown(facts.engine.why)
      if (used === null && parser !== null) return report.pass('on, with its parser')
      return report.pass(used ? 'on, and the engine uses it' : 'on, and not used by the engine')
    })
  },
})
