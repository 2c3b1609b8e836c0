/** Does the container get answers: of its name server, and of the outside? And if not, who stops it? */
import {
  hostOut,
  insideNames,
  insideOut,
  leftBehind,
  type OutsideAnswer,
  type Traces,
} from '../../facts/named-probes.ts'
import { namedTarget } from '../../facts/named-target.ts'
import { NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { routes, routingRules } from '../../facts/network.ts'
import { takeOut } from '../../facts/rule-removal.ts'
import { settings } from '../../facts/settings.ts'
import { fail } from '../../model/check.ts'
import { type Known, maybe } from '../../model/fact.ts'
import { type Fix, fix, manual, manualFix } from '../../model/fix.ts'
import type { ProbeAnswer } from '../../model/source.ts'
import { wayOf } from '../../net/fib.ts'
import type { Route, RoutingRule } from '../../net/route.ts'
import type { StopCounter } from '../../net/rule-counters.ts'
import { question } from '../question.ts'
import { inWords, PASSIVE } from './from-host.ts'

export const names = question({
  needs: { settings, way: namedWay, names: maybe(insideNames) },
  findings: {
    noNames: fail('{server}, the name server of {name}, does not answer it ({how})'),
  },
  evaluate({ settings, way, names }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (settings.way?.passive) return report.skip(PASSIVE)
    if (way.kind === 'none') return report.skip(`${way.name} has no network`)
    if (!names.known) return report.unknown(names.why)
    if (!names.value) return report.skip('it has no name server with an IPv4 address')
    const { server, answer } = names.value
    if (answer.ok) return report.pass(`${server} answers`)
    const cure = manualFix(
      'Give containers a name server that they reach: "dns" in daemon.json, or --dns',
      'seaworthy network/dns says which servers this host itself uses.',
    )
    return report('noNames', { server, name: way.name, how: inWords(answer) }, cure)
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

const UNREACHABLE: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EACCES'])
/** The kernel gives up asking for the hardware address after three seconds; a refusal comes at once. Our own choice of a bound. */
const AT_ONCE_MS = 1_000

const there = (host: string, port: number): Fix =>
  manualFix(
    `Open port ${port} on ${host}: the rule is there, not on this host`,
    'On that machine: iptables-save | grep -E "REJECT|DROP", nft list ruleset, firewall-cmd --list-all, ufw status; or the security group of the cloud.',
  )

const placeOf = ({ table, chain }: StopCounter): string => (chain ? `${table} ${chain}` : table)

const ruleOf = (one: StopCounter) => ({
  table: one.table,
  raw: one.rule,
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
  countedHere: fail(
    '{name} gets no connection to {target} ({how}); meanwhile this rule of this host stopped packets: {rule}',
  ),
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

interface Seen {
  readonly out: OutsideAnswer
  readonly left: Traces | null
  readonly host: ProbeAnswer | null
}

/** In whose name the connection failed. */
function culprit({ out, left, host }: Seen): Exclude<keyof typeof findings, 'noAddress'> {
  const { code = '', timings } = out.answer
  if (left && left.stopped.length > 0) return 'countedHere'
  const atOnce = (timings.tcp ?? 0) < AT_ONCE_MS
  if (UNREACHABLE.has(code)) return (left && left.sent > 0) || !atOnce ? 'prohibitedHere' : 'prohibitedThere'
  if (code === 'ECONNREFUSED') return left && left.got > 0 ? 'prohibitedThere' : 'refusedThere'
  return host?.ok ? 'silentInside' : 'silentThere'
}

/** Nobody asked for that target: that it does not serve says nothing about the way. */
const isMoot = (kind: keyof typeof findings, { out }: Seen): boolean =>
  !out.isAsked && (kind === 'silentThere' || kind === 'refusedThere' || kind === 'prohibitedThere')

export const outside = question({
  needs: {
    settings,
    way: namedWay,
    target: maybe(namedTarget),
    names: maybe(insideNames),
    out: maybe(insideOut),
    left: maybe(leftBehind),
    host: maybe(hostOut),
    routes: maybe(routes),
    rules: maybe(routingRules),
  },
  findings,
  evaluate({ settings, way, target: asked, names, out, left, host, routes, rules }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (settings.way?.passive) return report.skip(PASSIVE)
    if (way.kind === 'none') return report.skip(`${way.name} has no network`)
    if (way.network?.internal)
      return report.skip(`network ${way.network.name} is internal: it has no way out`)
    if (!out.known) return report.unknown(out.why)
    if (!out.value) {
      const server = names.known && names.value?.answer.ok ? names.value.server : null
      if (!asked.known || !asked.value?.isAsked || server === null)
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
    const slots = { name: way.name, target, how }
    switch (kind) {
      case 'countedHere': {
        const stopped = seen.left?.stopped ?? []
        const rule = stopped.map((one) => `${one.rule} (${placeOf(one)})`).join('; ')
        return report('countedHere', { ...slots, rule }, without(stopped))
      }
      case 'prohibitedHere':
        return report(
          'prohibitedHere',
          slots,
          manualFix(`See whether ${seen.out.host} is up: ip neighbour show ${seen.out.address}`),
        )
      case 'prohibitedThere': {
        const sender = senderOf(seen.out, rules, routes)
        return report('prohibitedThere', { ...slots, sender }, there(seen.out.host, port))
      }
      case 'silentThere':
        return report('silentThere', slots, there(seen.out.host, port))
      case 'refusedThere':
        return report(
          'refusedThere',
          slots,
          manualFix(`See on ${seen.out.host} what listens on port ${port}: ss -ltn`),
        )
      default: {
        const cure = manualFix('See which rule its packets meet: iptables -vL FORWARD, nft list ruleset')
        return report('silentInside', slots, cure)
      }
    }
  },
})
