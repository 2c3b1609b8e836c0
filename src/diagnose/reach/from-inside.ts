/** Does the container get answers: of its name server, and of the outside? And if not, who stops it? */
import {
  hostOut,
  insideNames,
  insideOut,
  leftBehind,
  namesLeftBehind,
  type OutsideAnswer,
  type Traces,
} from '../../facts/named-probes.ts'
import { namedTarget } from '../../facts/named-target.ts'
import { type NamedWay, NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { interfaces, routes, routingRules } from '../../facts/network.ts'
import { takeOut } from '../../facts/rule-removal.ts'
import { settings } from '../../facts/settings.ts'
import { closedNetwork, type Side, sideOf, targetPlace } from '../../facts/target-place.ts'
import { fail, warn } from '../../model/check.ts'
import { type Known, maybe } from '../../model/fact.ts'
import { type Fix, fix, manual, manualFix } from '../../model/fix.ts'
import type { ProbeAnswer } from '../../model/source.ts'
import { wayOf } from '../../net/fib.ts'
import type { Route, RoutingRule } from '../../net/route.ts'
import type { StopCounter } from '../../net/rule-counters.ts'
import { question } from '../question.ts'
import { inWords, PASSIVE } from './from-host.ts'

const OTHER_SERVERS: Fix = manualFix(
  'Give containers a name server that they reach: "dns" in daemon.json, or --dns',
  'seaworthy network/dns says which servers this host itself uses.',
)

const whyNobodyIsAsked = (closed: string | null): string =>
  closed === null
    ? 'it has no name server with an IPv4 address'
    : `network ${closed} is internal: names of its containers alone are known there`

export const names = question({
  needs: {
    settings,
    way: namedWay,
    names: maybe(insideNames),
    place: maybe(targetPlace),
    target: maybe(namedTarget),
    closed: maybe(closedNetwork),
    namesLeft: maybe(namesLeftBehind),
  },
  findings: {
    noNames: fail('{server}, the name server of {name}, does not answer it ({how})'),
    namesStopped: fail(
      '{server}, the name server of {name}, does not answer it ({how}); meanwhile this rule of this host stopped packets: {rule}',
    ),
    namesAside: warn(
      '{server}, the name server of {name}, does not answer it ({how}): names are not known to it; {target} needs none',
    ),
    someSilent: warn('{silent} of the name servers of {name} does not answer; {server} does, after a wait'),
  },
  evaluate({ settings, way, names, place, target, closed, namesLeft }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (settings.way?.passive) return report.skip(PASSIVE)
    if (way.kind === 'none') return report.skip(`${way.name} has no network`)
    const internal = closed.known ? closed.value : null
    if (!names.known) return report.unknown(names.why)
    if (!names.value) return report.skip(whyNobodyIsAsked(internal))
    const { server, answer, silent } = names.value
    const slots = { server, name: way.name, how: inWords(answer) }
    if (answer.ok && silent.length > 0)
      return report('someSilent', { name: way.name, server, silent: silent.join(', ') }, OTHER_SERVERS)
    if (answer.ok) return report.pass(`${server} answers`)
    if (internal !== null) return report.skip(whyNobodyIsAsked(internal))
    const known = place.known && place.value && target.known && target.value?.isAsked
    if (known && target.value)
      return report('namesAside', { ...slots, target: target.value.host }, OTHER_SERVERS)
    const stopped = namesLeft.known ? namesLeft.value : []
    if (stopped.length > 0)
      return report('namesStopped', { ...slots, rule: rulesInWords(stopped) }, without(stopped))
    return report('noNames', slots, OTHER_SERVERS)
  },
})

/** Who an "unreachable" from beyond this host is of: on the link nobody else could say it. */
function senderOf(
  { address }: OutsideAnswer,
  rules: Known<readonly RoutingRule[]>,
  routes: Known<readonly Route[]>,
): string {
  if (!rules.known || !routes.known) return address
  const way = wayOf({ src: '0.0.0.0', dst: address }, rules.value, routes.value)
  const gateway = way.kind === 'route' ? way.route.gateway : undefined
  return gateway ? `${address}, or a router before it (the first is ${gateway})` : address
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EACCES',
  'ENOPROTOOPT',
  'EINVAL',
])
/** The kernel gives up asking for the hardware address after three seconds; a refusal comes at once. Our own choice of a bound. */
const AT_ONCE_MS = 1_000

const there = (host: string, port: number): Fix =>
  manualFix(
    `Open port ${port} on ${host}: the rule is there, not on this host`,
    'On that machine: iptables-save | grep -E "REJECT|DROP", nft list ruleset, firewall-cmd --list-all, ufw status; or the security group of the cloud.',
  )

const placeOf = ({ table, chain }: StopCounter): string => (chain ? `${table} ${chain}` : table)

const rulesInWords = (stopped: readonly StopCounter[]): string =>
  stopped.map((one) => `${one.rule} (${placeOf(one)})`).join('; ')

const ruleOf = (one: StopCounter) => ({
  table: one.table,
  raw: one.rule,
  ...(one.backend ? { backend: one.backend } : {}),
  ...(one.chain ? ({ backend: 'nftables', chain: placeOf(one) } as const) : {}),
})

/** A policy cannot be taken out: others rely on it. */
function without(stopped: readonly StopCounter[]): Fix {
  const rules = stopped.filter(({ isPolicy }) => !isPolicy)
  const before = stopped.filter(({ isPolicy }) => isPolicy).map(placeOf)
  const accept = before.map((place) =>
    manual(`Accept the packets of the container in ${place}, before its end`),
  )
  const [summary, steps] =
    rules.length > 0
      ? [
          'Take that rule out, or let the packets of the container through before it',
          takeOut(...rules.map(ruleOf)),
        ]
      : ['Let the packets of the container through', []]
  return fix(summary, ...accept, ...steps)
}

const findings = {
  noAddress: fail('{server}, the name server of {name}, knows no IPv4 address of {host}', { causedBy: [] }),
  internal: fail('{name} has no way to {target}: its network {network} is internal', { causedBy: [] }),
  countedHere: fail(
    '{name} gets no connection to {target} ({how}); meanwhile this rule of this host stopped packets: {rule}',
  ),
  refusedInside: fail(
    '{name} gets no connection to {target} ({how}): {name} itself says so, by a route or a packet filter of its own',
    { causedBy: [] },
  ),
  stoppedAtHost: fail(
    '{name} gets no connection to {target} ({how}), an address of this host itself: its own rules for what comes in, or its program, are why',
  ),
  silentNear: fail('{target}, in the network of {name}, does not answer it ({how})'),
  prohibitedHere: fail(
    '{name} gets no connection to {target} ({how}): this host itself says so, as nobody there answers on its link, or as a rule rejects it',
  ),
  prohibitedThere: fail(
    '{name} gets no connection to {target} ({how}): the refusal was sent by {sender}, not by this host',
    { causedBy: [] },
  ),
  silentThere: fail(
    '{target} answers neither {name} nor this host itself: what drops the packets is there or on the way, not on this host',
    { causedBy: [] },
  ),
  refusedThere: fail(
    '{target} refuses the connection: packets arrive there, and nothing listens or its firewall refuses',
    { causedBy: [] },
  ),
  silentInside: fail('{target} answers this host, and not {name} ({how})'),
}
type Kind = Exclude<keyof typeof findings, 'noAddress'>

interface Seen {
  readonly out: OutsideAnswer
  readonly side: Side
  /** The internal network that is all that the container has. */
  readonly closed: string | null
  readonly left: Traces | null
  readonly host: ProbeAnswer | null
}

/** Who said that there is no way. Null where nobody did, or it cannot be told. */
function refuser({ out, left }: Seen): 'inside' | 'here' | 'there' | null {
  const { code = '', timings } = out.answer
  const isSaid = UNREACHABLE.has(code)
  if (!isSaid && code !== 'ECONNREFUSED') return null
  const { sent = null, got = null, said = null } = left ?? {}
  const atOnce = (timings.tcp ?? 0) < AT_ONCE_MS
  // What it rejects itself it is told itself; a route of its own is told to nobody.
  if (atOnce && got !== null && ((got > 0 && (said ?? 0) > 0) || (isSaid && got === 0))) return 'inside'
  if (!isSaid && !got) return null
  return (sent ?? 0) > 0 || !atOnce ? 'here' : 'there'
}

/** In whose name the connection failed. */
function culprit(seen: Seen): Kind {
  const { out, side, closed, left, host } = seen
  if (side === 'outside' && closed !== null) return 'internal'
  if (left && left.stopped.length > 0) return 'countedHere'
  const said = refuser(seen)
  if (said === 'inside') return 'refusedInside'
  if (side === 'host' && (said || out.answer.code !== 'ECONNREFUSED')) return 'stoppedAtHost'
  if (said === 'there') return 'prohibitedThere'
  if (out.answer.code === 'ECONNREFUSED' && !said) return 'refusedThere'
  if (side === 'inside') return 'refusedInside'
  if (side === 'network') return 'silentNear'
  if (said === 'here') return 'prohibitedHere'
  return host?.ok ? 'silentInside' : 'silentThere'
}

const MOOT: ReadonlySet<Kind> = new Set(['silentThere', 'refusedThere', 'prohibitedThere', 'silentNear'])

/** Nobody asked for that target: that it does not serve says nothing about the way. */
const isMoot = (kind: Kind, { out, host }: Seen): boolean =>
  !out.isAsked && (MOOT.has(kind) || (kind === 'stoppedAtHost' && !host?.ok))

const anotherNetwork = (name: string, closed: string): Fix =>
  manualFix(
    'Give it a network with a way out besides, if it is meant to have one',
    `docker network connect NETWORK ${name}; ${closed} was made with --internal to have none.`,
  )

/** What a person does about it. */
function cureOf(kind: Kind, { out, closed, left }: Seen, { name }: NamedWay): Fix {
  const { host, address, port } = out
  switch (kind) {
    case 'countedHere':
      return without(left?.stopped ?? [])
    case 'internal':
      return anotherNetwork(name, closed ?? '')
    case 'refusedInside':
      return manualFix(
        'Look at the routes and the packet filter inside it',
        `As root: nsenter -t $(docker inspect -f "{{.State.Pid}}" ${name}) -n sh -c "ip route get ${address}; iptables-save; nft list ruleset"`,
      )
    case 'stoppedAtHost':
      return manualFix(
        `See which rule they meet, and who listens: iptables -vL INPUT, nft list ruleset, ss -ltn sport = :${port}`,
      )
    case 'silentNear':
      return manualFix(
        `See whether ${host} runs and listens on port ${port}: seaworthy trace ${host}:${port}`,
      )
    case 'prohibitedHere':
      return manualFix(`See whether ${host} is up: ip neighbour show ${address}`)
    case 'prohibitedThere':
    case 'silentThere':
      return there(host, port)
    case 'refusedThere':
      return manualFix(`See on ${host} what listens on port ${port}: ss -ltn`)
    case 'silentInside':
      return manualFix('See which rule its packets meet: iptables -vL FORWARD, nft list ruleset')
    default:
      return kind satisfies never
  }
}

export const outside = question({
  needs: {
    settings,
    way: namedWay,
    target: maybe(namedTarget),
    names: maybe(insideNames),
    out: maybe(insideOut),
    left: maybe(leftBehind),
    host: maybe(hostOut),
    closed: maybe(closedNetwork),
    interfaces: maybe(interfaces),
    routes: maybe(routes),
    rules: maybe(routingRules),
  },
  findings,
  evaluate(
    { settings, way, target: asked, names, out, left, host, closed, interfaces, routes, rules },
    report,
  ) {
    if (!way) return report.skip(NO_CONTAINER)
    if (settings.way?.passive) return report.skip(PASSIVE)
    if (way.kind === 'none') return report.skip(`${way.name} has no network`)
    if (!out.known) return report.unknown(out.why)
    const internal = closed.known ? closed.value : null
    const isAsked = asked.known && asked.value?.isAsked
    if (!out.value && internal !== null && !isAsked)
      return report.skip(`network ${internal} is internal: it has no way out`)
    if (!out.value && internal !== null && asked.known && asked.value) {
      const slots = { name: way.name, network: internal, target: `${asked.value.host}:${asked.value.port}` }
      return report('internal', slots, anotherNetwork(way.name, internal))
    }
    if (!out.value) {
      const server = names.known && names.value?.answer.ok ? names.value.server : null
      if (!asked.known || !isAsked || !asked.value || server === null)
        return report.skip('there is nobody to ask; name one: --to HOST:PORT')
      const slots = { name: way.name, server, host: asked.value.host }
      return report(
        'noAddress',
        slots,
        manualFix('Ask for a name that exists, or give the container another name server (--dns)'),
      )
    }
    const seen: Seen = {
      out: out.value,
      side: sideOf(out.value.address, way, interfaces.known ? interfaces.value : []),
      closed: internal,
      left: left.known ? left.value : null,
      host: host.known ? host.value : null,
    }
    const { answer, port } = seen.out
    const target = `${seen.out.host}:${port}`
    if (answer.ok) return report.pass(`connected to ${target}`)
    const kind = culprit(seen)
    const how = inWords(answer)
    if (isMoot(kind, seen)) {
      if (kind === 'refusedThere') return report.pass(`${target} answers, and refuses`)
      return report.skip(
        `${target} answers this host no better (${how}); name somebody who does: --to HOST:PORT`,
      )
    }
    const cure = cureOf(kind, seen, way)
    const slots = { name: way.name, target, how }
    switch (kind) {
      case 'countedHere':
        return report(kind, { ...slots, rule: rulesInWords(seen.left?.stopped ?? []) }, cure)
      case 'internal':
        return report(kind, { ...slots, network: internal ?? '' }, cure)
      case 'prohibitedThere':
        return report(kind, { ...slots, sender: senderOf(seen.out, rules, routes) }, cure)
      default:
        return report(kind, slots, cure)
    }
  },
})
