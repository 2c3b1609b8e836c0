/** Where a program of this host takes the packets: does the packet filter let them in to it? And what cannot be told of it? */
import { inputFilter } from '../../facts/input-rules.ts'
import { type Filtered, filteredIn, filteredOut } from '../../facts/named-blocks.ts'
import { namedEntry } from '../../facts/named-entry.ts'
import { NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { openPorts, ruleInWords } from '../../facts/open-port.ts'
import { fail } from '../../model/check.ts'
import { maybe } from '../../model/fact.ts'
import { fix } from '../../model/fix.ts'
import { question } from '../question.ts'

/** Rules that may stop packets, where nothing certainly does. */
const inDoubt = ({ doubts }: Filtered): string => {
  const rules = [...new Set(doubts.map(({ rule, chain }) => rule?.raw ?? `the policy of ${chain.chain}`))]
  return `no rule certainly stops it; some packets may be stopped by ${rules.join('; ')}`
}

const told = ({ doubts }: Filtered): string =>
  doubts.length > 0 ? inDoubt({ blocked: [], doubts }) : 'no rule stops it'

/** On the network of the host, and where docker-proxy alone holds the port, packets pass INPUT. */
export const isLetIn = question({
  needs: { way: namedWay, entry: maybe(namedEntry), filtered: filteredIn, input: maybe(inputFilter) },
  findings: {
    closed: fail('{what}: stopped by {rule}'),
  },
  evaluate({ way, entry, filtered, input }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (!way.port) return report.skip(`no port of ${way.name} is asked for`)
    if (way.isFromHere) return report.skip('packets of this host itself are not forwarded')
    const how = entry.known ? entry.value?.how : undefined
    const [first] = filtered.blocked
    if (!first || (how !== 'host' && how !== 'proxied')) return report.pass(told(filtered))
    const { protocol } = way.port
    const port = way.published?.port ?? way.port.port
    const keeper = input.known ? input.value.keeper : 'nobody'
    const cure = fix(`Open port ${port}/${protocol}`, ...openPorts(keeper, [{ protocol, port }], first.trace))
    return report('closed', { what: first.what, rule: ruleInWords(first.trace) }, cure)
  },
})

export const isLetOut = question({
  needs: { way: namedWay, filtered: filteredOut },
  findings: {},
  evaluate({ way, filtered }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    return way.kind === 'bridge' ? report.pass(told(filtered)) : report.skip(`${way.name} hangs on no bridge`)
  },
})
