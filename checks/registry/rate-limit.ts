import { PULL } from '../../src/diagnose/words.ts'
import { hubAllowance } from '../../src/facts/hub-allowance.ts'
import { interfaces } from '../../src/facts/network.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { manualFix } from '../../src/model/fix.ts'
import { says, shows } from '../../src/model/symptom.ts'

/** Our own choice: what one stack of containers may pull at once. */
const FEW_SHARE = 0.1

const logIn = manualFix(
  'Log in to Docker Hub, or pull by way of a mirror',
  'docker login, with any account: pulls are then counted for the account, which is allowed more. Or add "registry-mirrors": ["https://MIRROR"] to /etc/docker/daemon.json.',
)
const logInOrMove = manualFix(
  'Log in to Docker Hub, which then counts for the account',
  'docker login, with any account. An address of IPv6 is counted with its whole /64, which at many providers strangers share: where the host has IPv4 too, the engine may be made to prefer it (precedence ::ffff:0:0/96 100 in /etc/gai.conf).',
)

export default defineCheck({
  id: 'registry/rate-limit',
  title: 'Docker Hub still lets this host pull',
  why: 'Docker Hub refuses every pull for hours once the allowance of an address is used up.',
  profiles: ['docker', 'swarm', 'rootless'],
  needs: { allowance: hubAllowance, interfaces: maybe(interfaces) },
  causedBy: ['registry/mirrors'],
  symptoms: () => [
    shows(/toomanyrequests|pull rate limit|increase-rate-limit|429 Too Many Requests|HAP429/, 0.97, {
      unless: /toomanyrequests: <|has been temporarily rate limited/,
    }),
    says(/\brate[- ]?limit|\btoo many requests|限流|频率限制/, 0.75),
    says([/\b429\b/, PULL], 0.85),
    says([/\b(?:6|24|six) hours?\b|\bper hour\b/, /\bblocked|\blocked|\blimit/, PULL], 0.7),
    says(
      [
        /\brunners?\b|\bci\b|\bpipelines?\b|\bgithub actions?\b/,
        /docker ?hub|\bpull/,
        /\bfrom time to time|\bsometimes|\bintermittent|\bsporadic|\brandomly|\boccasional/,
      ],
      0.6,
    ),
  ],
  findings: {
    exhausted: fail(
      'Docker Hub lets {source} pull nothing more without a login: all {pulls} in {hours} hours are used up',
    ),
    sharedExhausted: fail(
      'Docker Hub lets {source} pull nothing more without a login: all {pulls} in {hours} hours are used up, also by others behind that address',
    ),
    low: warn('Docker Hub lets {source} pull only {remaining} of {limit} images more within {hours} hours'),
  },
  evaluate({ allowance, interfaces }, report) {
    if (allowance.state === 'elsewhere') return report.skip(allowance.why)
    if (allowance.state === 'silent') return report.skip(`Docker Hub does not tell: ${allowance.why}`)
    if (allowance.state === 'unlimited') return report.pass('no limit for this address')
    const { limit, remaining, hours, source: told } = allowance
    const source = told || 'this address'
    const isOwn =
      interfaces.known &&
      interfaces.value.some(({ addresses }) => addresses.some(({ address }) => address === told))
    const slots = { source, pulls: limit > 0 ? `${limit} pulls` : 'pulls', hours }
    if (remaining === 0)
      return told === '' || isOwn
        ? report('exhausted', slots, logIn)
        : report('sharedExhausted', slots, logInOrMove)
    if (remaining < limit * FEW_SHARE)
      return report('low', { source, remaining, limit, hours }, logIn, { remaining, limit })
    return report.pass(`${remaining} of ${limit} pulls left`, { remaining, limit })
  },
})
