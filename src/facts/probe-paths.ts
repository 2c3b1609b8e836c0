/** The ways over this host of what is sent from inside the named container, and which rules those packets may come to. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { isLoopback } from '../net/cidr.ts'
import { wayOf } from '../net/fib.ts'
import type { NetInterface } from '../net/interface.ts'
import type { Firewall } from '../net/path/firewall.ts'
import type { Packet } from '../net/path/packet.ts'
import type { ChainRef, Hook } from '../net/path/program.ts'
import { traceDestinationNat, traceReach } from '../net/path/trace.ts'
import { PASSED, type StopCounter } from '../net/rule-counters.ts'
import { CLIENT_PORT, firewall, hostView } from './forwarding-paths.ts'
import { type NamedWay, namedWay } from './named-way.ts'
import { interfaces, routes, routingRules } from './network.ts'
import { sideOf } from './target-place.ts'

/** To whom a probe goes. */
export interface ProbeEnd {
  /** IPv4; of loopback, where the engine's own name server passes queries on, the far end is not known. */
  readonly address: string
  readonly port: number
  readonly proto: 'tcp' | 'udp'
}

interface Leg {
  readonly hooks: readonly Hook[]
  readonly packet: Packet
}

export interface ProbePaths {
  /** The hooks that the probe and its answer pass. */
  readonly hooksOf: (end: ProbeEnd) => readonly Hook[]
  /** Whether such a packet may have come to what counted it: not where its own tests, or those that lead to it, certainly say no. */
  readonly mayMeet: (end: ProbeEnd, counter: StopCounter) => boolean
}

const HOOKS = {
  passed: { there: PASSED, back: PASSED },
  toHost: { there: ['prerouting', 'input'], back: ['output', 'postrouting'] },
  ofHost: { there: ['output', 'postrouting'], back: ['prerouting', 'input'] },
} as const

const kindOf = (way: NamedWay, address: string, links: readonly NetInterface[]): keyof typeof HOOKS => {
  if (way.kind === 'host') return 'ofHost'
  return sideOf(address, way, links) === 'host' ? 'toHost' : 'passed'
}

/** Undefined where the interface is not known, null where there is none. */
type Device = string | null | undefined

const packetBy = (iif: Device, oif: Device, rest: Packet): Packet => ({
  ...(iif === undefined ? {} : { iif }),
  ...(oif === undefined ? {} : { oif }),
  ...rest,
})

interface Ends {
  readonly kind: keyof typeof HOOKS
  readonly inner: Device
  readonly outer: Device
  /** The container's address, the far end's, and this host's on the way there. */
  readonly own: string | undefined
  readonly far: string | undefined
  readonly host: string | undefined
}

/** The packet there, and the answer: as it comes where the packet left with the host's address, and where it left with its own. */
function legsOf(
  { kind, inner, outer, own, far, host }: Ends,
  { port, proto }: ProbeEnd,
): readonly [Leg, Leg, Leg] {
  const { there, back } = HOOKS[kind]
  const from = (address: string | undefined) => (address === undefined ? {} : { src: address })
  const to = (address: string | undefined) => (address === undefined ? {} : { dst: address })
  const answer = packetBy(outer, inner, {
    ...{ ...from(far), ...to(own), proto, sport: port, dport: CLIENT_PORT },
    ...{ ctstate: 'established', direction: 'reply' },
  })
  const arrived = (dst: string | undefined): Packet =>
    dst === undefined ? answer : { ...answer, original: { dst, dport: CLIENT_PORT } }
  return [
    {
      hooks: there,
      packet: packetBy(inner, outer, {
        ...{ ...from(own), ...to(far), proto, sport: CLIENT_PORT, dport: port, ctstate: 'new' },
      }),
    },
    { hooks: back, packet: arrived(host) },
    { hooks: back, packet: arrived(own) },
  ]
}

const keyOf = ({ backend, family, table }: ChainRef, rule: string): string =>
  backend === 'nftables' ? `${family} ${table} ${rule}` : `${table} ${rule}`
const policyOf = ({ chain }: ChainRef): string => `the policy of ${chain}`

/** All rules and policies that the evaluation knows of. */
function shownBy({ iptables = [], nftables }: Firewall): ReadonlySet<string> {
  const saved = iptables.flatMap(({ tables }) =>
    Object.values(tables).flatMap(({ name, chains }) =>
      Object.values(chains).flatMap((chain) => [
        `${name} ${policyOf({ chain: chain.name } as ChainRef)}`,
        ...chain.rules.map(({ raw }) => `${name} ${raw}`),
      ]),
    ),
  )
  const own = (nftables?.tables ?? [])
    .filter(({ family }) => family === 'ip' || family === 'inet')
    .flatMap(({ family, name, chains }) =>
      chains.flatMap((chain) => [
        `${family} ${name} the policy of ${chain.name}`,
        ...chain.rules.map(({ raw }) => `${family} ${name} ${raw}`),
      ]),
    )
  return new Set([...saved, ...own])
}

/** Of nftables one named counter may stand in several rules. */
const namesOf = ({ table, chain, rule }: StopCounter): readonly string[] =>
  chain === undefined ? [`${table} ${rule}`] : rule.split(' or ').map((one) => `${table} ${one}`)

export const probePaths: Fact<ProbePaths> = defineFact({
  name: 'probePaths',
  about: 'Which rules of this host the packets that are sent from inside the named container may come to.',
  needs: {
    way: namedWay,
    firewall: maybe(firewall),
    interfaces: maybe(interfaces),
    routes: maybe(routes),
    rules: maybe(routingRules),
  },
  parse: (_, { way, firewall, interfaces, routes, rules }): ProbePaths => {
    const links = interfaces.known ? interfaces.value : []
    const shown = firewall.known ? shownBy(firewall.value) : new Set<string>()
    const deviceTo = (dst: string): string | undefined => {
      if (!routes.known || !rules.known || !way || isLoopback(dst)) return undefined
      const flow = { src: way.address ?? '0.0.0.0', dst, ...(way.network ? { iif: way.network.bridge } : {}) }
      const found = wayOf(flow, rules.value, routes.value)
      return found.kind === 'route' ? found.route.dev : undefined
    }
    const legs = (end: ProbeEnd): readonly Leg[] => {
      if (!way) return []
      const kind = kindOf(way, end.address, links)
      const device = deviceTo(end.address)
      const hostAddress = links
        .find(({ name }) => name === device)
        ?.addresses.find(({ family }) => family === 4)?.address
      const ends: Ends = {
        kind,
        inner: kind === 'ofHost' ? null : way.network?.bridge,
        outer: kind === 'toHost' ? null : device,
        own: kind === 'ofHost' ? undefined : (way.address ?? undefined),
        far: isLoopback(end.address) ? undefined : end.address,
        host: hostAddress,
      }
      return legsOf(ends, end)
    }
    /** Null where it cannot be told. */
    const met = (end: ProbeEnd): ReadonlySet<string> | null => {
      if (!firewall.known || !way || way.kind === 'other') return null
      const host = hostView(links)
      const [there, ...back] = legs(end)
      if (!there || traceDestinationNat(firewall.value, there.packet, host).verdict !== 'none') return null
      return new Set(
        [there, ...back]
          .flatMap(({ hooks, packet }) => traceReach(firewall.value, hooks, packet, host))
          .map(({ chain, rule }) => keyOf(rule ?? chain, rule?.raw ?? policyOf(chain))),
      )
    }
    return {
      hooksOf: (end) => [...new Set(legs(end).flatMap(({ hooks }) => hooks))],
      mayMeet: (end, counter) => {
        const names = namesOf(counter)
        const reached = names.every((name) => shown.has(name)) ? met(end) : null
        return reached === null || names.some((name) => reached.has(name))
      },
    }
  },
})
