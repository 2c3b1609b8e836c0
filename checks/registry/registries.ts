import { REFUSED } from '../../src/diagnose/phenomena.ts'
import { FAILS } from '../../src/diagnose/words.ts'
import { trustsElsewhere } from '../../src/facts/certs-folders.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { registryLogins } from '../../src/facts/registry-logins.ts'
import { type JudgedRegistry, registryStates } from '../../src/facts/registry-states.ts'
import { unlookedRegistries } from '../../src/facts/unlooked-registries.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import type { Values } from '../../src/model/fact.ts'
import { fix, manualFix, service, setJson } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

const needs = {
  elsewhere: trustsElsewhere,
  registries: registryStates,
  logins: registryLogins,
  settings: daemonSettings,
  unlooked: unlookedRegistries,
}
type Facts = Values<typeof needs>

/** A certificate that is not accepted keeps nobody from answering. */
const outOfReach = { causedBy: ['network/dns', 'network/default-route'] } as const

const findings = {
  unreachable: fail('the registry {registry} ({sign}) does not answer: {reason}', outOfReach),
  notAnswering: warn(
    'the registry {registry} ({sign}) does not answer: {reason}; no image of it is here',
    outOfReach,
  ),
  plainHttp: fail('the registry {registry} ({sign}) speaks plain HTTP, and is not in insecure-registries', {
    causedBy: ['engine/config'],
  }),
  broken: warn('the registry {registry} ({sign}) answers with an error: {reason}'),
  loginMissing: warn(
    'the registry {registry} ({sign}) wants a login, and {whose} has none: their pulls fail',
  ),
}
type Report = Reporter<typeof findings>

/** In words, the plainest sign that a registry is in use. */
function signOf({ name, signs }: JudgedRegistry): string {
  if (signs.has('certs.d')) return `/etc/docker/certs.d/${name}`
  return signs.has('insecure') ? 'insecure-registries' : 'a login is kept for it'
}

/** Somebody set it up here. A kept login, or an image's name, alone may be of long ago. Mirrors have a check of their own. */
const isConfigured = ({ signs }: JudgedRegistry): boolean =>
  !signs.has('mirror') &&
  (signs.has('certs.d') || signs.has('insecure') || (signs.has('login') && signs.has('image')))

function judge(registry: JudgedRegistry, { logins, settings }: Facts, report: Report): Found[] {
  const { name, signs, answer } = registry
  const slots = { registry: name, sign: signOf(registry) }
  switch (answer.state) {
    case 'silent': {
      const cure = manualFix(
        `Start ${name}, or let this host reach it`,
        `Ask it by hand: curl -vk https://${name}/v2/. If it is gone for good, remove it here (${slots.sign}).`,
      )
      // insecure-registries is often one list for many hosts.
      const sure = signs.has('certs.d') || signs.has('image')
      return [report(sure ? 'unreachable' : 'notAnswering', { ...slots, reason: answer.reason }, cure)]
    }
    case 'speaksHttp': {
      const list = [...settings.list('insecure-registries'), name]
      const allow = setJson(settings.file.path, ['insecure-registries'], list)
      return [report('plainHttp', slots, fix(`Allow it for ${name}`, allow, service('docker', 'reload')))]
    }
    case 'broken': {
      const cure = manualFix(`Look into the log of ${name}, or ask those who run it`)
      return [report('broken', { ...slots, reason: answer.reason }, cure)]
    }
    case 'wantsLogin': {
      // Where images of it are, somebody can pull them: with a login of their own, or one that comes with the job.
      if (signs.has('image') || !logins.complete || logins.names.has(name.toLowerCase())) return []
      const cure = manualFix('Log in', `docker login ${name}   (as the user who pulls; with sudo for root)`)
      return [report('loginMissing', { ...slots, whose: logins.whose }, cure)]
    }
    default:
      return []
  }
}

export default defineCheck({
  id: 'registry/registries',
  title: 'The registries in use answer',
  why: 'Images of a registry that does not answer can be neither pulled nor updated.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['registry/tls', 'network/dns', 'network/default-route'],
  symptoms: () => [
    shows(
      /dial tcp \S+:(?:5000|5001|8082|8083|5443)\b[^\n]{0,40}(?:connection refused|no route to host|i\/o timeout)/,
      0.7,
    ),
    shows(/no basic auth credentials|unauthorized: authentication required|denied: requested access/, 0.5),
    among(REFUSED, 0.06),
    says([/\bregistry\b|仓库/, /\bpush|\blogin|\bpull|推送/, FAILS], 0.1),
    says([/\bunauthorized|\bauthentication required|\blogin\b|登录/, /\bregistry|\bpull|\bpush|仓库/], 0.1),
    shows(
      /unauthorized: |authentication required|pull access denied|requested access to the resource is denied/,
      0.1,
    ),
    shows(
      /\b(?:gcr\.io|registry\.k8s\.io|quay\.io|ghcr\.io|mcr\.microsoft\.com|docker\.elastic\.co|registry\.gitlab\.com|nvcr\.io|public\.ecr\.aws|registry\.access\.redhat\.com)\/v2\/[^\n]{0,200}(?:i\/o timeout|Client\.Timeout|context deadline exceeded|connection (?:refused|reset)|TLS handshake timeout|: EOF|no route to host|unreachable)/,
      0.78,
    ),
    shows([/413 Request Entity Too Large|HTTP 413/, /\/v2\/|docker push|blobs\/uploads|\bpushing\b/], 0.6),
  ],
  findings,
  evaluate(facts, report) {
    if (facts.elsewhere) return report.skip(facts.elsewhere)
    const configured = facts.registries.filter(isConfigured)
    const notAsked = () => report.unknown(`${facts.unlooked.join(', ')}: nobody asked`)
    if (configured.length === 0)
      return facts.unlooked.length > 0
        ? notAsked()
        : report.skip('no registry but Docker Hub and its mirrors is set up here')
    const found = configured.flatMap((registry) => judge(registry, facts, report))
    return report.all(found, () => {
      if (facts.unlooked.length > 0) return notAsked()
      const answering = configured.filter(({ answer }) => answer.state !== 'unknown')
      const [blind] = configured.filter(({ answer }) => answer.state === 'unknown')
      if (!blind) return report.pass(configured.map(({ name }) => name).join(', '))
      if (answering.length > 0 && blind.direct)
        return report.pass(answering.map(({ name }) => name).join(', '))
      return report.unknown(
        blind.direct
          ? `${blind.name} was not asked`
          : 'the engine goes through a proxy, behind which nothing is asked',
      )
    })
  },
})
