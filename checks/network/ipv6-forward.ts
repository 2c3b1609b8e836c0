import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { networks } from '../../src/facts/engine.ts'
import { engineRuns } from '../../src/facts/engine-running.ts'
import { engineVersion } from '../../src/facts/engine-version.ts'
import { deafUplinks } from '../../src/facts/router-advertisements.ts'
import { changeSetting } from '../../src/facts/setting-steps.ts'
import { sysctl } from '../../src/facts/sysctl.ts'
import { defineCheck, fail, warn } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, fix, restartEngine, setSysctl } from '../../src/model/fix.ts'
import { mentions, says, shows } from '../../src/model/symptom.ts'
import { atLeast } from '../../src/versions.ts'

const KEY = 'net.ipv6.conf.all.forwarding'
/** From here on the engine chooses a range for its default network itself. @see https://docs.docker.com/engine/release-notes/28/ */
const CHOOSES_ITSELF = '28.0'
/** For documentation only (RFC 3849) is no range to propose; this one is local to a site (RFC 4193). */
const LOCAL_RANGE = 'fd4e:7a3c:91d2::/64'

export default defineCheck({
  id: 'network/ipv6-forward',
  title: 'IPv6 forwarding fits what the engine is told',
  why: 'Containers with IPv6 addresses need it, and a host that turns it on may lose its own way out.',
  profiles: ['docker', 'swarm'],
  needs: {
    running: sysctl(KEY),
    settings: daemonSettings,
    networks: maybe(networks),
    engineRuns: maybe(engineRuns),
    version: maybe(engineVersion),
    deaf: deafUplinks,
  },
  symptoms: () => [
    says([/ipv6|\bv6\b/, /default (?:route|gateway)|\broute|\bgateway|路由/, FAILS], 0.93),
    says([/default (?:route|gateway)/, /\bdisappear|\bremoved|\bgone\b|\blost\b|\bvanish/], 0.6, {
      unless: /veth|connman|dhcp/,
    }),
    shows(/accept_ra\b|proto ra\b/, 0.7),
    says([/ipv6|\bv6\b/, CONTAINER, FAILS], 0.5),
    says([/ipv6/, /\bdefault\b/, /\broute|\bgateway/], 0.92),
    says([/ipv6/, /\brouter adv|\bslaac|\bra\b|\baccept_ra/], 0.93),
    mentions(/net[./]ipv6[./]conf[./]\w+[./]forwarding/, 0.4),
  ],
  findings: {
    rangeMissing: fail(
      'ipv6 is on and fixed-cidr-v6 is missing: Docker {version} does not start without a range for its default network',
      { causedBy: ['engine/config'] },
    ),
    off: warn(`${KEY} is {value}: containers with IPv6 addresses cannot reach beyond this host`),
    routeExpires: warn(
      '{interface} forwards IPv6 and no longer listens to its router (accept_ra is 1): its default route will expire',
    ),
  },
  evaluate({ running, settings, networks, engineRuns, version, deaf }, report) {
    const told = settings.get('ipv6') === true || settings.get('ipv6') === 'true'
    const range = settings.get('fixed-cidr-v6') || settings.get('bridge') || settings.get('bip6')
    const engine = version.known ? version.value : null
    const all = networks.known ? networks.value.flatMap(({ subnets }) => subnets) : []
    const found = []
    if (told && !range && engine && !atLeast(engine, CHOOSES_ITSELF)) {
      const set = changeSetting(settings, 'fixed-cidr-v6', LOCAL_RANGE)
      const cure = disruptive('Give the default network an IPv6 range', ...set, restartEngine)
      found.push(report('rangeMissing', { version: engine }, cure))
    }
    const used = told || all.some(({ subnet }) => subnet.includes(':'))
    if (used && running === '0' && engineRuns.known && engineRuns.value)
      found.push(report('off', { value: running }, fix('Turn IPv6 forwarding on', setSysctl(KEY, 1))))
    for (const name of deaf) {
      const key = `net.ipv6.conf.${name.replaceAll('.', '/')}.accept_ra`
      const cure = fix(`Let ${name} listen to its router although it forwards`, setSysctl(key, 2))
      found.push(report('routeExpires', { interface: name }, cure))
    }
    return report.all(found, () => {
      if (running === null) return report.skip('this host has no IPv6')
      if (!networks.known && !told) return report.unknown(networks.why)
      return used ? report.pass() : report.skip('no container has IPv6 addresses')
    })
  },
})
