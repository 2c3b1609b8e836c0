import { NO_OUTBOUND, TIMEOUT, UNREACHABLE } from '../../src/diagnose/phenomena.ts'
import { CONTAINER, FAILS, OUTSIDE, VPN } from '../../src/diagnose/words.ts'
import { containerWays } from '../../src/facts/container-ways.ts'
import { runningEngine } from '../../src/facts/engine.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { manualFix } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { ruleText } from '../../src/net/fib.ts'

const LOCAL = 'local'

export default defineCheck({
  id: 'network/policy-routing',
  title: 'No policy rule leads containers astray',
  why: 'Policy rules, as VPN clients set them, are obeyed before the routes that the engine relies on.',
  profiles: ['docker', 'swarm'],
  needs: { engine: runningEngine, ways: containerWays },
  causedBy: ['engine/running'],
  symptoms: () => [
    shows(/\bfrom all lookup (?!local|main|default)\w+|\bip rule\b/, 0.6),
    says(
      /\bip rule|\bpolicy[- ](?:based )?routing|\brouting tables?|\bdual[- ](?:isp|wan)|\bmulti[- ]?(?:isp|wan)|\bexit node|策略路由/,
      0.9,
    ),
    says([VPN, CONTAINER, OUTSIDE, FAILS], 0.4),
    says(
      [
        CONTAINER,
        FAILS,
        /\bto the ips?\b|\bips? for\b|\bcertain (?:ips?|hosts?)|\bspecific (?:ips?|hosts?)|部分/,
      ],
      0.65,
    ),
    among(NO_OUTBOUND, 0.06),
    among(UNREACHABLE, 0.03),
    among(TIMEOUT, 0.06),
    says([VPN, OUTSIDE], 0.3),
    shows(/\bdocker0 +In +IP [^\n]{0,200}\n[^\n]{0,40}\b(?:tailscale|wg|tun|ppp)\d+ +Out +IP/, 0.55),
  ],
  findings: {
    noWayOut: fail(
      'the rule "{rule}" takes what {subnet} of the network {network} sends to table {table}, where it is {how}',
      { causedBy: [] },
    ),
    noWayBack: fail(
      'the rule "{rule}" takes the answers to {subnet} of the network {network} to {where} instead of {bridge}',
      { causedBy: [] },
    ),
  },
  evaluate({ engine, ways }, report) {
    if (!engine) return report.skip('no engine runs')
    if (ways.length === 0) return report.skip('no network of the engine leads out')
    const found = ways.flatMap(({ bridge, subnet, out, back, host }) => {
      const slots = { subnet, network: bridge.network.name, bridge: bridge.name }
      if (out.kind === 'refused' && host.kind === 'route') {
        const rule = ruleText(out.rule)
        const cure = manualFix(
          'Give that table a way out for containers, or take the rule away',
          `Until the next boot: ip rule del ${rule}. Then change what sets the rule (a VPN client, a network configuration).`,
        )
        return [report('noWayOut', { ...slots, rule, table: out.rule.table ?? 'none', how: out.how }, cure)]
      }
      if (back.kind === 'none' || (back.kind === 'route' && back.route.dev === bridge.name)) return []
      // The main table's own doing is another check's: an overlap, or a bridge that is gone.
      if (['main', 'default', LOCAL].includes(back.rule.table ?? '')) return []
      const where = back.kind === 'route' ? (back.route.dev ?? 'another gateway') : back.how
      const cure = manualFix(
        `Let what goes to ${subnet} be looked up in table main first`,
        `Until the next boot: ip rule add to ${subnet} lookup main priority ${Math.max(1, back.rule.priority - 1)}. Then write it into the host's network configuration.`,
      )
      return [report('noWayBack', { ...slots, rule: ruleText(back.rule), where }, cure)]
    })
    return report.all(found, () => report.pass())
  },
})
