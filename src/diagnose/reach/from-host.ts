/** Does this host itself get a connection to the container, and to the port that it publishes for it? */
import { CLIENT_PORT, firewall, hostView, isStopped } from '../../facts/forwarding-paths.ts'
import { hostToContainer, hostToPort } from '../../facts/named-probes.ts'
import { type NamedWay, NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { interfaces } from '../../facts/network.ts'
import { ruleInWords } from '../../facts/open-port.ts'
import { isPlain, takeOut } from '../../facts/rule-removal.ts'
import { settings } from '../../facts/settings.ts'
import { fail } from '../../model/check.ts'
import { type Known, maybe } from '../../model/fact.ts'
import { type Fix, fix, manualFix } from '../../model/fix.ts'
import type { ProbeAnswer } from '../../model/source.ts'
import type { NetInterface } from '../../net/interface.ts'
import type { Firewall } from '../../net/path/firewall.ts'
import type { Packet } from '../../net/path/packet.ts'
import { type Trace, traceArrival, traceSent } from '../../net/path/trace.ts'
import { question } from '../question.ts'

/** Why nothing was sent. */
export const PASSIVE = 'nothing is sent (--passive)'

/** What a connection that did not come about says, for people. */
export const inWords = ({ code = '' }: ProbeAnswer): string =>
  ({
    TIMEOUT: 'no answer',
    ECONNREFUSED: 'refused',
    EHOSTUNREACH: 'no route to host',
    ENETUNREACH: 'network unreachable',
    EACCES: 'not permitted',
    EPERM: 'not permitted',
    ENOPROTOOPT: 'protocol unreachable',
    EINVAL: 'thrown away by a route',
  })[code] ?? code

const why = (way: NamedWay, isPassive: boolean | undefined): string => {
  if (isPassive) return PASSIVE
  if (!way.port) return `no port of ${way.name} is asked for`
  return way.port.protocol === 'tcp'
    ? 'there is nothing to connect to'
    : `nobody answers who does not speak what port ${way.port.port}/${way.port.protocol} speaks`
}

/** What this host's own rules do to its packets to the container, and to the answers. */
function tracesOf(way: NamedWay, rules: Firewall, links: readonly NetInterface[]): readonly Trace[] {
  if (!way.network || !way.address || !way.port) return []
  const { bridge } = way.network
  const { port, protocol: proto } = way.port
  const [own] =
    links.find(({ name }) => name === bridge)?.addresses.filter(({ family }) => family === 4) ?? []
  const [src, dst] = own ? [{ src: own.address }, { dst: own.address }] : [{}, {}]
  const there: Packet = {
    ...{ ...src, iif: null, oif: bridge, dst: way.address, proto },
    ...{ sport: CLIENT_PORT, dport: port, ctstate: 'new' },
  }
  const original = own ? { original: { dst: own.address, dport: CLIENT_PORT } } : {}
  const back: Packet = {
    ...{ ...dst, iif: bridge, oif: null, src: way.address, proto },
    ...{ sport: port, dport: CLIENT_PORT, ctstate: 'established', direction: 'reply', ...original },
  }
  const host = hostView(links)
  return [traceSent(rules, there, host), traceArrival(rules, back, host)]
}

/** Families of nftables whose rules see these packets, too, and are not evaluated here. */
const UNEVALUATED: ReadonlySet<string> = new Set(['bridge', 'netdev', 'arp'])

/** Rules of this host that may be why, and could not be judged. */
function inDoubt(traces: readonly Trace[], rules: Known<Firewall>): readonly string[] {
  if (!rules.known) return [`all rules (${rules.why.reason})`]
  const blockers = traces.flatMap(({ blockers }) => blockers)
  const tables = (rules.value.nftables?.tables ?? []).filter(({ family }) => UNEVALUATED.has(family))
  return [
    ...new Set([
      ...blockers.map(({ rule, chain }) => rule?.raw ?? `the policy of ${chain.table} ${chain.chain}`),
      ...tables.map(({ family, name }) => `table ${family} ${name}`),
    ]),
  ]
}

export const fromHost = question({
  needs: {
    settings,
    way: namedWay,
    toContainer: maybe(hostToContainer),
    firewall: maybe(firewall),
    interfaces: maybe(interfaces),
  },
  findings: {
    stoppedByRule: fail(
      'this host gets no connection to {address} of {name} ({how}): {rule} stops its own packets, or the answers; what comes from outside does not pass there',
    ),
    stoppedOnBridge: fail('this host gets no connection to {address} of {name} ({how}): {rule} stops it'),
    inDoubt: fail(
      'this host gets no connection to {address} of {name} ({how}); it may be for what could not be judged: {rules}',
    ),
    noAnswer: fail(
      'this host gets no connection to {address} of {name} ({how}), and no rule of iptables or nftables here is why: look for one inside the container, at its bridge port, and at ip neighbour',
    ),
    refused: fail('{name} refuses connections to {address}'),
  },
  evaluate({ settings, way, toContainer, firewall, interfaces }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (way.kind === 'host') return report.skip(`${way.name} is on the network of the host`)
    if (!toContainer.known) return report.unknown(toContainer.why)
    const answer = toContainer.value
    if (!answer) return report.skip(why(way, settings.way?.passive))
    const address = `${way.address}:${way.port?.port}`
    if (answer.ok) return report.pass(`connected to ${address}`)
    const slots = { address, name: way.name, how: inWords(answer) }
    const links = interfaces.known ? interfaces.value : []
    const traces = firewall.known ? tracesOf(way, firewall.value, links) : []
    const trace = traces.find(isStopped)
    if (trace) {
      const finding = trace.hook === 'input' || trace.hook === 'output' ? 'stoppedByRule' : 'stoppedOnBridge'
      return report(finding, { ...slots, rule: ruleInWords(trace) }, without(trace))
    }
    if (answer.code === 'ECONNREFUSED')
      return report(
        'refused',
        slots,
        manualFix('See what its program says', `docker logs --tail 20 ${way.name}`),
      )
    const rules = inDoubt(traces, firewall)
    if (rules.length > 0) {
      const look = manualFix('See whether their counters move: iptables -vL, nft list ruleset')
      return report('inDoubt', { ...slots, rules: rules.join('; ') }, look)
    }
    const cure = manualFix(
      'Look whether the container has a packet filter of its own',
      'As root: nsenter -t $(docker inspect -f "{{.State.Pid}}" ' +
        `${way.name}) -n iptables -S; on this host: bridge link, ip neighbour show ${way.address}`,
    )
    return report('noAnswer', slots, cure)
  },
})

const without = (trace: Trace): Fix => {
  const { rule } = trace
  const summary = `Let this host's own packets through: ${ruleInWords(trace)}`
  if (!rule || !isPlain(rule)) return manualFix(summary)
  return fix(`Take out the rule ${rule.raw}`, ...takeOut(rule))
}

export const toPort = question({
  needs: { settings, way: namedWay, published: maybe(hostToPort) },
  findings: {
    portDead: fail('this host itself gets no connection to {address}, where {name} is published ({how})'),
  },
  evaluate({ settings, way, published }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (!published.known) return report.unknown(published.why)
    const answer = published.value
    if (!answer)
      return report.skip(
        way.published || way.kind === 'host' ? why(way, settings.way?.passive) : 'no port is published',
      )
    const address = `${way.hostAddress}:${way.kind === 'host' ? way.port?.port : way.published?.port}`
    if (answer.ok) return report.pass(`connected to ${address}`)
    if (way.kind === 'host') {
      const look = manualFix(
        `See what its program says, and which rule stops it: docker logs --tail 20 ${way.name}`,
      )
      return report('portDead', { address, name: way.name, how: inWords(answer) }, look)
    }
    const cure = manualFix(
      `Start ${way.name} anew: the engine publishes the port again`,
      `docker restart ${way.name}; if that does not help, restart the engine.`,
    )
    return report('portDead', { address, name: way.name, how: inWords(answer) }, cure)
  },
})
