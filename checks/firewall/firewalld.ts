import {
  CHAIN_GONE,
  NETWORK_BROKEN,
  NO_OUTBOUND,
  PORT_DEAD,
  TIMEOUT,
  UNREACHABLE,
} from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, REACH, RESTART } from '../../src/diagnose/words.ts'
import { dockerBridges, uplink } from '../../src/facts/bridges.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { iptables } from '../../src/facts/firewall.ts'
import { firewalldRuns, permanentZones, runtimeZones, type Zone } from '../../src/facts/firewalld.ts'
import { defineCheck, type Found, fail, type Reporter, warn } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, firewalld, fix, restartEngine } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { missingDockerRules } from '../../src/net/docker-rules.ts'
import { atLeast } from '../../src/versions.ts'

const needs = {
  runs: firewalldRuns,
  zones: runtimeZones,
  permanent: permanentZones,
  engine: maybe(runningEngine),
  settings: maybe(daemonSettings),
  bridges: maybe(dockerBridges),
  iptables: maybe(iptables),
  uplink,
}
type Facts = Values<typeof needs>

const findings = {
  zoneConflict: fail(
    "{bridge} is bound to zone {zone} in firewalld's permanent configuration: the engine fails with ZONE_CONFLICT",
  ),
  zoneBlocks: fail(
    '{bridge} is in zone {zone}, which does not let forwarded packets through (target {target})',
  ),
  reloaded: fail(
    "firewalld was reloaded or restarted after the engine started: {count} of the engine's rules are gone",
  ),
  noIntegration: warn(
    'firewalld runs, and the engine has made no zone for its bridges: a reload will cut containers off',
  ),
}
type Report = Reporter<typeof findings>

/** The zone that the engine makes and binds its bridges to (20.10 and later). @see https://docs.docker.com/engine/network/packet-filtering-firewalls/#integration-with-firewalld */
const OWN_ZONE = 'docker'

const restart = disruptive('Have the engine write its rules and zone again', restartEngine)

const zoneOf = (zones: readonly Zone[], name: string): Zone | undefined =>
  zones.find(({ interfaces }) => interfaces.includes(name))

function conflict({ permanent }: Facts, bridge: string, report: Report): Found[] {
  const zone = zoneOf(permanent, bridge)
  if (!zone || zone.name === OWN_ZONE) return []
  const unbind = firewalld({
    zone: zone.name,
    what: 'interface',
    value: bridge,
    remove: true,
  })
  const cure = disruptive(`Take ${bridge} out of zone ${zone.name}`, unbind, restartEngine)
  return [report('zoneConflict', { bridge, zone: zone.name }, cure)]
}

function blocked({ zones }: Facts, bridge: string, report: Report): Found[] {
  const zone = zoneOf(zones ?? [], bridge)
  if (!zone || zone.name === OWN_ZONE || zone.target === 'ACCEPT') return []
  const change = firewalld({ zone: OWN_ZONE, scope: 'now', what: 'interface', value: bridge })
  const cure = fix(`Put ${bridge} in the zone ${OWN_ZONE}`, change)
  return [report('zoneBlocks', { bridge, zone: zone.name, target: zone.target }, cure)]
}

function wiped({ engine, settings, bridges, iptables, uplink }: Facts, report: Report): Found[] {
  const writesNone = settings.known && settings.value.get('iptables') === false
  if (writesNone || (engine.known && /nftables/.test(engine.value?.info.firewallBackend ?? ''))) return []
  if (!engine.known || !engine.value || !bridges.known || !iptables.known || !iptables.value.active) return []
  const options = uplink ? { uplink } : {}
  const missing = missingDockerRules(
    iptables.value.active,
    engine.value.version.version,
    bridges.value,
    options,
  )
  return missing.length > 0 ? [report('reloaded', { count: missing.length }, restart)] : []
}

export default defineCheck({
  id: 'firewall/firewalld',
  title: 'firewalld is stopped, or lets the bridges through',
  why: "A zone that rejects forwarded packets, or a reload that wipes the engine's rules, cuts containers off.",
  profiles: ['docker', 'swarm'],
  needs,
  needsRoot: true,
  symptoms: () => [
    shows(/ZONE_CONFLICT|INVALID_ZONE|already bound to '?(?:trusted|docker|public|a zone)/, 0.97),
    shows(/COMMAND_FAILED/, 0.55),
    among(CHAIN_GONE, 0.6, {
      unless:
        /firewalld(?:\.service)? (?:could not be found|is not (?:installed|running))|(?:without|no) firewalld|restart nftables|iptables -[FX]\b|netfilter-persistent/,
    }),
    shows(
      /Failed to inject DOCKER in PREROUTING|-t nat -A (?:DOCKER|PREROUTING)[\s\S]{0,160}(?:No chain|does not exist)/,
      0.4,
    ),
    shows(
      /firewall-cmd --reload|(?:systemctl|service) (?:re)?(?:start|load|stop) (?:firewalld|iptables)/,
      0.8,
    ),
    says([/\bfirewalld?\b|firewall-cmd|防火墙/, RESTART], 0.85),
    says([/\bfirewalld\b|firewall-cmd/, CONTAINER, FAILS], 0.75),
    says(
      [
        /\bping/,
        /\bworks?\b|\bfine\b|\bok\b|正常/,
        /\btcp\b|\bhttp|\bnginx|\bport\b|\bunreachable|no route/,
        CONTAINER,
      ],
      0.45,
    ),
    says(
      [
        /\brhel ?[89]|centos ?(?:stream )?[89]|\bfedora|\balma|\brocky|\boracle linux/,
        CONTAINER,
        REACH,
        FAILS,
      ],
      0.5,
    ),
    says([/\biptables\b/, RESTART, /\bdocker/], 0.7),
    among(UNREACHABLE, 0.18),
    among(PORT_DEAD, 0.1),
    among(NO_OUTBOUND, 0.08),
    among(NETWORK_BROKEN, 0.12),
    says(
      [
        /\bfirewall/,
        /\benabl|\bactive|\bturn(?:ed)? (?:on|off)|\bdisabl|\bstop|\bflush|开启|关闭/,
        CONTAINER,
      ],
      0.55,
    ),
    says([/\bcentos|\brhel|\bfedora/, /\bpublished? port|\bport mapping|\bnat\b|\bDNAT\b/], 0.2),
    among(TIMEOUT, 0.1),
    shows(/Bad rule \(does a matching rule exist|FirewallD is|python-nftables|firewalld\[/, 0.4),
    shows(/\bfilter_FWD\w*_(?:REJECT|DROP)\b/, 0.93),
  ],
  findings,
  evaluate(facts, report) {
    const { runs, zones, engine, bridges } = facts
    if (!runs) return report.pass('firewalld does not run')
    const names = new Set(['docker0', ...(bridges.known ? bridges.value.map(({ name }) => name) : [])])
    const running = engine.known && engine.value !== null
    const integrated = zones?.some(({ name }) => name === OWN_ZONE) ?? false
    const makesZone = engine.known && atLeast(engine.value?.version.version ?? null, '20.10.0')
    const lonely = makesZone && !integrated ? [report('noIntegration', {}, restart)] : []
    const found = [
      ...[...names].flatMap((bridge) => conflict(facts, bridge, report)),
      ...[...names].flatMap((bridge) => blocked(facts, bridge, report)),
      ...wiped(facts, report),
    ]
    return report.all(found.length > 0 ? found : lonely, () => {
      if (running && !facts.iptables.known) return report.unknown(facts.iptables.why)
      return report.pass(
        running ? `the bridges are in zone ${OWN_ZONE}` : 'the engine will make its own zone',
      )
    })
  },
})
