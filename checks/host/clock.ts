import { CERTIFICATE_DATE } from '../../src/diagnose/phenomena.ts'
import { now } from '../../src/facts/clock.ts'
import { clockSkew } from '../../src/facts/clock-skew.ts'
import { install, packageFamily } from '../../src/facts/package-manager.ts'
import { timeService } from '../../src/facts/time-service.ts'
import { virtualization } from '../../src/facts/virtualization.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { type Fix, fix, manual, manualFix, runCommand, service } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** Our own choice, and that of Kerberos: https://web.mit.edu/kerberos/krb5-latest/doc/admin/conf_files/krb5_conf.html (clockskew) */
const TOLERATED_MINUTES = 5
const MINUTE_MS = 60_000

const needs = {
  now,
  skew: clockSkew,
  where: virtualization,
  service: maybe(timeService),
  family: packageFamily,
}

const inWords = (minutes: number): string => {
  const [count, unit] =
    minutes < 120 ? [minutes, 'minutes'] : minutes < 2880 ? [minutes / 60, 'hours'] : [minutes / 1440, 'days']
  return `${Math.floor(count)} ${unit}`
}

/** Nothing is fetched over TLS as long as certificates are refused. */
const BY_HAND = manual(
  'If packages cannot be fetched now, set the clock by hand first: date -u -s "YYYY-MM-DD hh:mm"',
)

function setClock({ where, service: current, family, skew }: Values<typeof needs>): Fix {
  if (where.machine === 'wsl2')
    return manualFix('Set the clock', 'Run wsl --shutdown in Windows, and open the distribution again.')
  if (where.container) return manualFix('Set the clock of the machine that this container runs on')
  const name = family === 'apt' ? 'chrony' : 'chronyd'
  const running = current.known && typeof current.value === 'object' ? current.value.name : null
  if (running && running !== name)
    return fix('Let the time service set the clock', service(running, 'restart'))
  const steps = [install(family, { default: ['chrony'] }), service(name, 'enable'), service(name, 'start')]
  const now = runCommand(['chronyc', 'makestep'])
  return fix('Let chrony set the clock, now and at boot', ...steps, now, ...(skew?.refused ? [BY_HAND] : []))
}

export default defineCheck({
  id: 'host/clock',
  title: 'The clock is right, and kept so',
  why: 'With a wrong clock every certificate is refused, so that no image can be pulled, and logs and tokens mislead.',
  profiles: ['docker', 'rootless', 'swarm'],
  needs,
  symptoms: () => [
    shows(/token not to be used before \d+|certificate chain uses (?:a )?not yet valid certificate/, 0.93),
    among(CERTIFICATE_DATE, 0.7, { unless: /current time \S+ is after/ }),
    shows(
      /current time \S+ is before|is not valid yet|certificate is not yet valid|Release file for [^\n]{0,200} is not valid yet/,
      0.9,
    ),
    shows(/current time \S+ is after/, 0.3, { unless: /is after 2021-09-30T14:01:15Z/ }),
    says(
      [
        /\bclock|\b(?:system|server|host|machine|device|local)(?:'s)? (?:time|date)\b|\bntp\b|\btime ?zone|\bdate\b|(?:系统|服务器|主机|宿主机)时间|时间不/,
        /\bwrong|\bskew|\bdrift|\bbehind|\bahead\b|\b(?:hours?|minutes?|days?|years?) (?:before|after|off|slow|fast|late|early)\b|\bpast\b|\bfuture|\bincorrect|\bsync|不对|不正确|不同步|慢了|快了/,
      ],
      0.85,
    ),
    says(
      [
        /\bclock|\btime\b|\bdate\b|时间|时钟/,
        /\bcertificate|\bx509|\btls\b|\bssl\b|\bapt\b|\bnot (?:yet )?valid|证书/,
      ],
      0.8,
      { unless: /current time \S+ is after/ },
    ),
    says(/\bnot yet valid|\bno rtc\b|\brtc\b/, 0.9),
    shows(/created \d+ (?:seconds?|days?) in the future/, 0.6),
  ],
  findings: {
    behind: fail('the clock says {now} and is behind: {than}'),
    ahead: fail('the clock says {now} and is ahead: {than}'),
    off: warn('the clock says {now} and is {amount} {direction}: {than}'),
    neverSet: warn('{service} runs and has not reached a time server since the boot'),
    noService: warn('nothing keeps the clock of this machine right: no time service runs'),
  },
  evaluate(facts, report) {
    const { skew, where, service: current } = facts
    const shown = facts.now.slice(0, 19)
    if (skew?.refused) {
      return report(skew.by < 0 ? 'behind' : 'ahead', { now: shown, than: skew.than }, setClock(facts))
    }
    const minutes = Math.abs(skew?.by ?? 0) / MINUTE_MS
    if (skew && minutes > TOLERATED_MINUTES) {
      const amount = `${skew.isLimit ? 'at least ' : ''}${inWords(minutes)}`
      const direction = skew.by < 0 ? 'behind' : 'ahead'
      return report('off', { now: shown, amount, direction, than: skew.than }, setClock(facts))
    }
    const compared = skew && !skew.isLimit ? `right to ${TOLERATED_MINUTES} minutes` : undefined
    // Elsewhere whoever runs the machine keeps the clock.
    if (where.container || where.machine)
      return compared
        ? report.pass(compared)
        : report.skip('whoever runs this machine keeps its clock, and nothing was seen to compare it with')
    if (!current.known) return compared ? report.pass(compared) : report.unknown(current.why)
    if (current.value === 'none') return report('noService', {}, setClock(facts))
    if (current.value === 'unseen')
      return compared ? report.pass(compared) : report.unknown('nothing tells whether a time service runs')
    const { name, synchronized } = current.value
    if (synchronized === false && !compared) {
      const reach = manualFix(
        'Name a server in /etc/systemd/timesyncd.conf that can be reached (NTP=), and let UDP port 123 out',
      )
      return report('neverSet', { service: name }, reach)
    }
    return report.pass(compared ? `${compared}, kept by ${name}` : `kept by ${name}`)
  },
})
