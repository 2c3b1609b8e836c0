/** Where a program of this host takes the packets: does the packet filter let them in to it? And what cannot be told of it? */
import { type BlockedWay, isStopped } from '../../facts/forwarding-paths.ts'
import { inputFilter } from '../../facts/input-rules.ts'
import { filteredIn, filteredOut } from '../../facts/named-blocks.ts'
import { namedEntry } from '../../facts/named-entry.ts'
import { NO_CONTAINER, namedWay, type Port } from '../../facts/named-way.ts'
import { type FirewallKeeper, openPorts, ruleInWords } from '../../facts/open-port.ts'
import { takeOut } from '../../facts/rule-removal.ts'
import { type WayToHost, wayToHost } from '../../facts/way-to-host.ts'
import { fail, warn } from '../../model/check.ts'
import { maybe } from '../../model/fact.ts'
import { type Fix, fix, manualFix } from '../../model/fix.ts'
import type { Trace } from '../../net/path/trace.ts'
import type { Outcome } from '../../net/path/walk.ts'
import { question } from '../question.ts'

/** Rules that may stop packets, where nothing certainly does. */
const rulesOf = (doubts: readonly Outcome[]): string => [...new Set(doubts.map(ruleInWords))].join('; ')

const told = (doubts: readonly Outcome[]): string =>
  doubts.length > 0
    ? `no rule certainly stops it; some packets may be stopped by ${rulesOf(doubts)}`
    : 'no rule stops it'

const LOOK = manualFix(
  'See whether that rule counts packets while somebody tries to connect',
  'iptables -t TABLE -vnL CHAIN shows it; a rule of nft counts where it says counter: nft list ruleset.',
)

const LET_THEM_IN = manualFix(
  'If they are meant to get in, accept them before that rule, or take it out',
  'Whoever wrote it may have meant to keep them out.',
)

/** A rule of INPUT is answered by one before it; what stops packets before INPUT is not. */
function opening(port: Port, { trace }: BlockedWay, keeper: FirewallKeeper): Fix {
  const { rule, hook } = trace
  const summary = `Open port ${port.port}/${port.protocol}`
  return rule && hook !== 'input'
    ? fix(`${summary}: take out the rule ${rule.raw}`, ...takeOut(rule))
    : fix(summary, ...openPorts(keeper, [port], trace))
}

/** On the network of the host, and where docker-proxy alone holds the port, packets pass INPUT. */
export const isLetIn = question({
  needs: { way: namedWay, entry: maybe(namedEntry), filtered: filteredIn, input: maybe(inputFilter) },
  findings: {
    closed: fail('{what}: stopped by {rule}'),
    partly: warn('{what}: {whom} stopped by {rule}', { causedBy: [] }),
    doubtful: warn('no rule certainly stops what comes in; some packets may be stopped by {rules}', {
      causedBy: [],
    }),
  },
  evaluate({ way, entry, filtered, input }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (!way.port) return report.skip(`no port of ${way.name} is asked for`)
    if (way.isFromHere) return report.skip('packets of this host itself are not forwarded')
    const how = entry.known ? entry.value?.how : undefined
    const [first] = filtered.blocked
    if (first && (how === 'host' || how === 'proxied')) {
      const port = { ...way.port, port: way.published?.port ?? way.port.port }
      const cure = opening(port, first, input.known ? input.value.keeper : 'nobody')
      return report('closed', { what: first.what, rule: ruleInWords(first.trace) }, cure)
    }
    const [part] = filtered.partly
    if (part) {
      const whom = part.example ? `a part of them, as ${part.example}, is` : 'all but some senders are'
      return report('partly', { what: part.what, whom, rule: ruleInWords(part.trace) }, LET_THEM_IN)
    }
    if (filtered.doubts.length > 0) return report('doubtful', { rules: rulesOf(filtered.doubts) }, LOOK)
    return report.pass(told(filtered.bySender))
  },
})

/** Of a rule that lets packets in to a program of this host: in the words of who keeps the rules of INPUT. */
function letIn({ port, bridge }: WayToHost, trace: Trace, keeper: FirewallKeeper): Fix {
  const { rule, chain } = trace
  if (trace.hook === 'input' && chain?.table === 'filter')
    return fix(
      `Let containers in to port ${port}/tcp of this host`,
      ...openPorts(keeper, [{ protocol: 'tcp', port, from: bridge }], trace),
    )
  return rule
    ? fix(`Take out the rule ${rule.raw}`, ...takeOut(rule))
    : manualFix(`Let packets pass ${ruleInWords(trace)}`)
}

/** What is for this host itself passes INPUT, and not FORWARD. */
export const isLetOut = question({
  needs: { way: namedWay, filtered: filteredOut, toHost: maybe(wayToHost), input: maybe(inputFilter) },
  findings: {
    closedHere: fail('from {name} to {target}, an address of this host: stopped by {rule}'),
  },
  evaluate({ way, filtered, toHost, input }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (way.kind !== 'bridge') return report.skip(`${way.name} hangs on no bridge`)
    const there = toHost.known ? toHost.value : null
    const trace = there?.trace
    if (!there || !trace) return report.pass(told(filtered.doubts))
    if (!isStopped(trace)) return report.pass(told([...filtered.doubts, ...trace.blockers]))
    const slots = {
      name: way.name,
      target: `${there.address}:${there.port}`,
      rule: ruleInWords(trace),
    }
    return report('closedHere', slots, letIn(there, trace, input.known ? input.value.keeper : 'nobody'))
  },
})
