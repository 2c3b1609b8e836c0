import { CHAIN_GONE, NETWORK_BROKEN, NO_OUTBOUND, PORT_DEAD, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { dockerBridges, uplink } from '../../src/facts/bridges.ts'
import { daemonSettings } from '../../src/facts/daemon-config.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { iptables } from '../../src/facts/firewall.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { disruptive, restartEngine } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { type MissingRule, missingDockerRules } from '../../src/net/docker-rules.ts'

const restart = disruptive('Have the engine write its rules again', restartEngine)

const inWords = ({ table, chain, rule }: MissingRule): string => rule ?? `chain ${chain} of table ${table}`

export default defineCheck({
  id: 'firewall/docker-chains',
  title: "The engine's packet filter rules are all there",
  why: 'A firewall script or reload that flushes them cuts containers off until the engine writes them again.',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, settings: daemonSettings, iptables, bridges: dockerBridges, uplink },
  causedBy: [
    'firewall/firewalld',
    'firewall/ufw#flushesEngine',
    'firewall/backends',
    'firewall/engine-rules',
    'host/prerequisites',
    'kernel/modules',
  ],
  needsRoot: true,
  symptoms: () => [
    says(
      [
        /\bMASQUERADE\b|\bPOSTROUTING\b|nat rules?/,
        /\bmissing|\bgone|\bnot (?:there|created|present)|\blost|\bdisappear|丢失/,
      ],
      0.8,
    ),
    says([/docker (?:engine )?(?:version )?(?:v)?28|\b28\.0\b/, FAILS], 0.55),
    says(
      [/\blocalhost\b/, /\belsewhere|\bfrom outside|\bother (?:machines?|hosts?|computers?)|外部/, FAILS],
      0.45,
    ),
    shows(/docker-ext-bridges-v4/, 0.5),
    among(PORT_DEAD, 0.1),
    among(CHAIN_GONE, 0.12),
    among(NO_OUTBOUND, 0.2),
    among(NETWORK_BROKEN, 0.14),
    says([/\bno network (?:access|connect)|网络不通|断网/, CONTAINER], 0.22),
    among(TIMEOUT, 0.1),
    says(
      [
        /\bno\b|\bmissing|\bwithout\b|没有/,
        /\bMASQUERADE\b|\bDOCKER(?:-USER|-FORWARD)? chain|\bnat rules?\b/,
      ],
      0.8,
    ),
    says([/\b28\.\d+(?:\.\d+)?\b/, /\bports?\b|\bfirewall|\biptables|\brules?\b|端口/, FAILS], 0.6),
  ],
  findings: {
    missingFilter: fail(
      '{count} of the rules that let container packets through are gone, among them: {rule}',
    ),
    missingNat: fail('{count} of the rules that publish ports are gone, among them: {rule}'),
    missingMasquerade: fail(
      'the rule that gives {bridge} the address of this host on the way out is gone: {rule}',
    ),
    wrongOrder: fail("the engine's rules stand in the wrong order: {rule}"),
  },
  evaluate({ engine, settings, iptables, bridges, uplink }, report) {
    if (!engine) return report.skip('the engine is not running')
    if (settings.get('iptables') === false) return report.skip('the engine is told to write no rules')
    if (/nftables/.test(engine.info.firewallBackend)) return report.skip('the engine writes nftables rules')
    if (!iptables.active) return report.unknown('iptables-save is not installed')
    const options = uplink ? { uplink } : {}
    const missing = missingDockerRules(iptables.active, engine.version.version, bridges, options)
    const of = (...kinds: MissingRule['kind'][]): MissingRule[] =>
      missing.filter(({ kind }) => kinds.includes(kind))
    const filter = of('filter-chain', 'filter-jump', 'filter-rule')
    const nat = of('nat-chain', 'nat-jump')
    const masquerade = of('masquerade')
    const order = of('filter-order')
    const found = [
      ...filter
        .slice(0, 1)
        .map((one) => report('missingFilter', { count: filter.length, rule: inWords(one) }, restart)),
      ...nat
        .slice(0, 1)
        .map((one) => report('missingNat', { count: nat.length, rule: inWords(one) }, restart)),
      ...masquerade.map((one) =>
        report('missingMasquerade', { bridge: one.bridge ?? 'a bridge', rule: inWords(one) }, restart),
      ),
      ...order.slice(0, 1).map((one) => report('wrongOrder', { rule: inWords(one) }, restart)),
    ]
    return report.all(found, () => report.pass(`for ${bridges.map(({ name }) => name).join(', ')}`))
  },
})
