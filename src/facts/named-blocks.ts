/** The ways of the named container's own packets that the packet filter certainly stops. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { isLoopback, parseAddress, parseCidr } from '../net/cidr.ts'
import { addressParts } from '../net/path/address-parts.ts'
import type { Firewall } from '../net/path/firewall.ts'
import type { HostView, Packet } from '../net/path/packet.ts'
import {
  type NatTrace,
  type Trace,
  traceArrival,
  traceForward,
  traceRouted,
  traceSourceNat,
} from '../net/path/trace.ts'
import type { Outcome } from '../net/path/walk.ts'
import { innerResolvers } from './container-namespace.ts'
import { type BlockedWay, CLIENT_PORT, firewall, hostView, isStopped, OUTSIDE } from './forwarding-paths.ts'
import { arriving, namedEntry } from './named-entry.ts'
import { namedTarget } from './named-target.ts'
import { type NamedWay, namedWay } from './named-way.ts'
import { interfaces } from './network.ts'
import { targetPlace } from './target-place.ts'
import { uplinks } from './uplinks.ts'

export interface Filtered {
  /** In the order in which packets meet them. */
  readonly blocked: readonly BlockedWay[]
  /** Closed for some who may send, and open for others. */
  readonly partly: readonly PartlyBlocked[]
  /** Rules and policies that may stop something: they ask what cannot be told. */
  readonly doubts: readonly Outcome[]
  /** They ask who sends, and stop nobody at large. */
  readonly bySender: readonly Outcome[]
}

export interface PartlyBlocked extends BlockedWay {
  /** An address of those who are kept out; null where nobody is named, and only some are let in. */
  readonly example: string | null
}

interface Way {
  readonly what: string
  readonly packet: Packet
}

const NOTHING: Filtered = { blocked: [], partly: [], doubts: [], bySender: [] }

const doubtsOf = ({ verdict, blockers }: Trace): readonly Outcome[] =>
  verdict === 'undecided' ? blockers : []

function filtered(ways: readonly Way[], trace: (packet: Packet) => Trace): Filtered {
  const traced = ways.map(({ what, packet }) => ({ what, trace: trace(packet) }))
  return {
    ...NOTHING,
    blocked: traced.filter(({ trace }) => isStopped(trace)),
    doubts: traced.flatMap(({ trace }) => doubtsOf(trace)),
  }
}

/** Who may send: the peer, one of each part of the block that is asked for, or nobody in particular. */
function sendersOf({ peer }: NamedWay, firewall: Firewall): readonly (string | undefined)[] {
  const block = peer?.block ? parseCidr(peer.block) : undefined
  return block ? addressParts(firewall, block) : [peer?.address]
}

const peerName = ({ peer }: NamedWay): string => peer?.text ?? 'the outside'

/** A way as the packets of one sender go it. */
interface Course extends Omit<BlockedWay, 'trace'> {
  readonly trace: (sender: string | undefined) => Trace
}

/** What becomes of a way for those who may send. */
function judged({ trace, ...way }: Course, senders: readonly (string | undefined)[]): Filtered {
  const traces = senders.map((sender) => ({ example: sender ?? null, trace: trace(sender) }))
  const stopped = traces.filter(({ trace }) => isStopped(trace))
  const [first] = stopped
  if (first && stopped.length === traces.length)
    return { ...NOTHING, blocked: [{ ...way, trace: first.trace }] }
  const doubts = traces.flatMap(({ trace }) => doubtsOf(trace))
  if (first) return { ...NOTHING, partly: [{ ...way, ...first }], doubts }
  if (doubts.length === 0 || senders[0] !== undefined) return { ...NOTHING, doubts }
  // Nobody is named: a rule that hangs on the sender alone tells of somebody at large whether it concerns most.
  const atLarge = trace(OUTSIDE)
  if (isStopped(atLarge)) return { ...NOTHING, partly: [{ ...way, trace: atLarge, example: null }] }
  return atLarge.verdict === 'undecided'
    ? { ...NOTHING, doubts: atLarge.blockers }
    : { ...NOTHING, bySender: doubts }
}

const merged = (all: readonly Filtered[]): Filtered => ({
  blocked: all.flatMap(({ blocked }) => blocked),
  partly: all.flatMap(({ partly }) => partly),
  doubts: all.flatMap(({ doubts }) => doubts),
  bySender: all.flatMap(({ bySender }) => bySender),
})

/** To the container through FORWARD, and its answers. */
function coursesIn(way: NamedWay, firewall: Firewall, host: HostView): readonly Course[] {
  const { address, port, published, network, iif, hostAddress, isNeighbour } = way
  if (way.kind !== 'bridge' || !address || !port || !network || iif === null) return []
  const { bridge } = network
  const name = peerName(way)
  const { protocol: proto } = port
  const isTranslated = published !== null && !isNeighbour
  const asked = isTranslated && hostAddress ? { original: { dst: hostAddress, dport: published.port } } : {}
  const packetOf = (sender: string | undefined): Packet => ({
    ...{ iif, oif: bridge, dst: address, proto, sport: CLIENT_PORT, dport: port.port, ctstate: 'new' },
    ...(sender === undefined ? {} : { src: sender }),
    ...asked,
  })
  const answerTo = (sender: string | undefined): Packet => ({
    ...{ iif: bridge, oif: iif, src: address, proto, sport: port.port, dport: CLIENT_PORT },
    ...{ ctstate: 'established', direction: 'reply' },
    ...(sender === undefined ? {} : { dst: sender }),
    ...sentTo(sender, traceSourceNat(firewall, packetOf(sender), host).verdict),
  })
  // Neighbours meet the forward hook alone, and what a packet asked for that is not known no earlier hook can be judged by.
  const isWholeWay = !isNeighbour && (!isTranslated || hostAddress !== null)
  const trace = isWholeWay ? traceRouted : traceForward
  const about = published ? { published: { port: published.port, container: way.name } } : {}
  return [
    {
      what: `from ${name} to port ${published?.port ?? port.port} of ${way.name}`,
      ...about,
      trace: (sender) => trace(firewall, packetOf(sender), host),
    },
    {
      what: `answers of ${way.name} to ${name}`,
      ...about,
      trace: (sender) => trace(firewall, answerTo(sender), host),
    },
  ]
}

/** Whom an answer is sent to before translation: the sender, where nothing gave its packets another source. */
const sentTo = (sender: string | undefined, sourceNat: NatTrace['verdict']): Pick<Packet, 'original'> =>
  sourceNat === 'none' ? { original: { dst: sender ?? OUTSIDE, dport: CLIENT_PORT } } : {}

/** In to the container: through FORWARD where a rule sends packets on, through INPUT where a program of the host takes them. */
export const filteredIn: Fact<Filtered> = defineFact({
  name: 'filteredIn',
  about: 'What the packet filter stops on the way in to the named container.',
  needs: { way: namedWay, entry: namedEntry, firewall, interfaces },
  parse: (_, { way, entry, firewall, interfaces }): Filtered => {
    if (!way || !entry || way.isFromHere) return NOTHING
    const host = hostView(interfaces)
    const { how } = entry
    const courses =
      how === 'host' || how === 'proxied' || how === 'taken'
        ? courseToHost(way, firewall, host)
        : coursesIn(way, firewall, host)
    const senders = sendersOf(way, firewall)
    return merged(courses.map((course) => judged(course, senders)))
  },
})

function courseToHost(way: NamedWay, firewall: Firewall, host: HostView): readonly Course[] {
  const port = way.published?.port ?? way.port?.port ?? 0
  const packet = arriving({
    ...way,
    hostAddress: way.hostAddress ?? way.address,
    published: { ip: '', port },
  })
  if (!packet) return []
  const what = `from ${peerName(way)} to port ${port} of this host`
  const trace = (sender: string | undefined): Trace =>
    traceArrival(firewall, { ...packet, ...(sender === undefined ? {} : { src: sender }) }, host)
  return [{ what, trace }]
}

const isForwarded = (server: string): boolean => parseAddress(server)?.family === 4 && !isLoopback(server)

/** Out of the container to its target, the answers, and its questions to name servers. */
export const filteredOut: Fact<Filtered> = defineFact({
  name: 'filteredOut',
  about: 'What the packet filter stops on the way out of the named container.',
  needs: {
    way: namedWay,
    firewall,
    interfaces,
    uplinks,
    target: maybe(namedTarget),
    place: maybe(targetPlace),
    servers: maybe(innerResolvers),
  },
  parse: (_, { way, firewall, interfaces, uplinks, target, place, servers }): Filtered => {
    const oif = uplinks[0]?.name
    if (!way?.network || !way.address || way.kind !== 'bridge' || oif === undefined || way.network.internal)
      return NOTHING
    const { bridge } = way.network
    const host = target.known ? target.value : null
    const { address: dst = OUTSIDE, side = 'outside' } = (place.known && place.value) || {}
    const dport = host?.port ?? 443
    const to = host ? `${host.host}:${host.port}` : 'the outside'
    const out: Packet = { iif: bridge, oif, src: way.address, sport: CLIENT_PORT, ctstate: 'new' }
    const back: Packet = {
      iif: oif,
      oif: bridge,
      dst: way.address,
      dport: CLIENT_PORT,
      ctstate: 'established',
    }
    const there: Way[] = [
      { what: `from ${way.name} to ${to}`, packet: { ...out, dst, proto: 'tcp', dport } },
      {
        what: `answers of ${to} to ${way.name}`,
        packet: { ...back, src: dst, proto: 'tcp', sport: dport, direction: 'reply' },
      },
    ]
    const ways: Way[] = [
      ...(side === 'outside' ? there : []),
      ...(servers.known ? servers.value : []).filter(isForwarded).map((server): Way => {
        const packet: Packet = { ...out, dst: server, proto: 'udp', dport: 53 }
        return { what: `DNS queries of ${way.name} to ${server}`, packet }
      }),
    ]
    return filtered(ways, (packet) => traceForward(firewall, packet, hostView(interfaces)))
  },
})
