import { NO_OUTBOUND, TIMEOUT, UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS } from '../../src/diagnose/words.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { nftables } from '../../src/facts/firewall.ts'
import { type BlockedWay, blockedWays } from '../../src/facts/forwarding-paths.ts'
import { insertNftAccept } from '../../src/facts/open-port.ts'
import { takeOut } from '../../src/facts/rule-removal.ts'
import { defineCheck, type Found, fail, type Reporter } from '../../src/model/check.ts'
import { type Fix, fix, manual, manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import type { RuleRef } from '../../src/net/path/program.ts'

const findings = {
  policy: fail('{what}: dropped by the policy of chain {chain} in the nftables table {table}'),
  rule: fail('{what}: stopped by the rule "{rule}" of chain {chain} in the nftables table {table}'),
}

/** Asks for a port, an address or a set: somebody wrote it on purpose, and it may guard other containers, too. */
const IS_AIMED = /\b(?:[sd]port|[sd]addr|proto-dst)\b|@/

const letIn = (rule: RuleRef): Fix => {
  const place = `${rule.family} ${rule.table} ${rule.chain}`
  return fix(
    'Let in what others are to reach, or take the rule out',
    manual(
      `To let some through, accept them before it: nft insert rule ${place} position ${rule.handle ?? 'HANDLE'} … accept. Without the rule all that it stops is let through, to every container.`,
    ),
    ...takeOut(rule),
  )
}

/** An accept in the chain itself: a verdict of another chain does not help, for every base chain must accept a packet. */
function accept({ trace: { chain } }: BlockedWay): Fix {
  const summary = `Let the engine's bridges through chain ${chain?.chain}`
  const sides = ['iifname', 'oifname'].flatMap((side) =>
    ['docker0', 'br-*'].map((name) => [side, `"${name}"`] as const),
  )
  return fix(
    summary,
    ...(chain ? sides.map((side) => insertNftAccept(chain, ...side)) : []),
    manual(
      'Write the same rules into the file that loads this table (/etc/nftables.conf or the like), or they are gone at the next boot.',
    ),
  )
}

function describe(way: BlockedWay, report: Reporter<typeof findings>): Found {
  const { rule, hook } = way.trace
  const { family, table, chain } = rule ?? way.trace.chain ?? { family: '', table: '', chain: '' }
  const slots = { what: way.what, chain, table: `${family} ${table}` }
  if (!rule) {
    const cure =
      hook === 'forward' ? accept(way) : manualFix(`Accept what containers are to get in chain ${chain}`)
    return report('policy', slots, cure)
  }
  const isAimed = hook !== 'forward' || IS_AIMED.test(rule.raw)
  return report('rule', { ...slots, rule: rule.raw }, isAimed ? letIn(rule) : accept(way))
}

export default defineCheck({
  id: 'firewall/nftables',
  title: 'No nftables table stops the packets of containers',
  why: "Every table has its say: a drop in one is final, whatever the engine's rules accept, and iptables -S does not show it.",
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, nftables, blocked: blockedWays },
  causedBy: ['firewall/firewalld', 'network/vpn-client'],
  needsRoot: true,
  symptoms: () => [
    says([/\bnftables\b|\bnft\b/, CONTAINER, FAILS], 0.1),
    shows(
      /table inet (?!firewalld)\w+(?:(?!\ntable )[\s\S]){0,400}?hook forward[^\n]{0,80}policy drop/,
      0.85,
      {
        unless: /iifname "?(?:docker0|br-)[^\n]{0,80}accept/,
      },
    ),
    among(NO_OUTBOUND, 0.03),
    among(TIMEOUT, 0.05),
    among(UNREACHABLE, 0.04),
    shows(/add (?:base )?chain inet \w+ \w+ \{ ?type filter hook forward[^\n]{0,80}policy drop/, 0.85),
  ],
  findings,
  evaluate({ engine, nftables, blocked }, report) {
    if (!engine) return report.skip('the engine is not running')
    if (!blocked) return report.skip('there is no default route, or no program that tells rules')
    if (!nftables) return report.skip('nft is not installed')
    // Of several ways that one chain stops the first stands for all.
    const chains = new Map(
      blocked
        .filter(({ trace }) => trace.chain?.backend === 'nftables')
        .toReversed()
        .map((way) => [way.trace.rule?.raw ?? `${way.trace.chain?.table} ${way.trace.chain?.chain}`, way]),
    )
    return report.all(
      [...chains.values()].map((way) => describe(way, report)),
      () => report.pass(),
    )
  },
})
