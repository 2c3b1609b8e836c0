import { VPN_CLIENTS, type VpnClient } from '../../src/data/vpn-clients.ts'
import { NO_OUTBOUND, TIMEOUT } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, OUTSIDE, VPN } from '../../src/diagnose/words.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { type BlockedWay, blockedWays } from '../../src/facts/forwarding-paths.ts'
import { ruleInWords } from '../../src/facts/open-port.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'

/** The client that keeps the table, the chain or the rule that stops a way; undefined for anybody else's. */
const clientOf = ({ trace: { chain, rule } }: BlockedWay): VpnClient | undefined =>
  VPN_CLIENTS.find(
    (one) =>
      one.table?.test((rule ?? chain)?.table ?? '') ||
      one.chain?.test((rule ?? chain)?.chain ?? '') ||
      one.comment?.test(rule?.comment ?? ''),
  )

export default defineCheck({
  id: 'network/vpn-client',
  title: 'No VPN client stops the packets of containers',
  why: 'A client that lets nothing past its tunnel counts containers among what it keeps out, while the host itself works.',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, blocked: blockedWays },
  needsRoot: true,
  symptoms: () => [
    says([VPN, CONTAINER, FAILS], 0.2),
    says([/\btailscale\b/, CONTAINER, FAILS], 0.35),
    shows(/ts-forward|\bstateful filtering/, 0.85),
    among(NO_OUTBOUND, 0.03),
    among(TIMEOUT, 0.03),
    says([VPN, OUTSIDE], 0.28),
    says(
      [
        /\b(?:nord|proton|express|pia|mullvad)(?:vpn)?\b|\bsurfshark|\bkill ?switch/,
        /\bdocker\b|\bcontainers?\b|容器/,
        FAILS,
      ],
      0.5,
    ),
  ],
  findings: {
    dropsForwarded: fail('{client} stops what containers send or get: {what}, by {rule}'),
  },
  evaluate({ engine, blocked }, report) {
    if (!engine) return report.skip('the engine is not running')
    if (!blocked) return report.skip('there is no default route, or no program that tells rules')
    const byClient = new Map(
      blocked.flatMap((way): [VpnClient, BlockedWay][] => {
        const client = clientOf(way)
        return client ? [[client, way]] : []
      }),
    )
    const found = [...byClient].map(([{ name, cure }, way]) => {
      const slots = { client: name, what: way.what, rule: ruleInWords(way.trace) }
      return report('dropsForwarded', slots, manualFix(`Have ${name} let containers through`, cure))
    })
    return report.all(found, () => report.pass())
  },
})
