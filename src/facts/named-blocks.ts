/** The ways of the named container's own packets that the packet filter certainly stops. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { isLoopback, parseAddress } from '../net/cidr.ts'
import type { Firewall } from '../net/path/firewall.ts'
import type { HostView, Packet } from '../net/path/packet.ts'
import { type Trace, traceForward, traceInput } from '../net/path/trace.ts'
import type { Outcome } from '../net/path/walk.ts'
import { innerResolvers } from './container-namespace.ts'
import { type BlockedWay, CLIENT_PORT, firewall, hostView, isStopped, OUTSIDE } from './forwarding-paths.ts'
import { arriving, namedEntry } from './named-entry.ts'
import { namedTarget } from './named-target.ts'
import { type NamedWay, namedWay } from './named-way.ts'
import { interfaces } from './network.ts'
import { uplinks } from './uplinks.ts'

export interface Filtered {
  /** In the order in which packets meet them. */
  readonly blocked: readonly BlockedWay[]
  /** Rules and policies that may stop something: they ask what cannot be told. */
  readonly doubts: readonly Outcome[]
}

interface Way {
  readonly what: string
  readonly packet: Packet
}

const NOTHING: Filtered = { blocked: [], doubts: [] }

function filtered(
  ways: readonly Way[],
  trace: (packet: Packet) => Trace,
  published?: BlockedWay['published'],
): Filtered {
  const traced = ways.map(({ what, packet }) => ({
    what,
    trace: trace(packet),
    ...(published && { published }),
  }))
  return {
    blocked: traced.filter(({ trace }) => isStopped(trace)),
    doubts: traced.flatMap(({ trace }) => (trace.verdict === 'undecided' ? trace.blockers : [])),
  }
}

const peerOf = ({ peer }: NamedWay): { readonly name: string; readonly address?: string } =>
  peer ? { name: peer.text, address: peer.address } : { name: 'the outside' }

/** To the container through FORWARD, and its answers. */
function waysIn(way: NamedWay): readonly Way[] {
  const { address, port, published, network, iif, hostAddress } = way
  if (!address || !port || !network || iif === null) return []
  const { bridge } = network
  const { name, address: theirs } = peerOf(way)
  const far = (side: 'src' | 'dst') => (theirs === undefined ? {} : { [side]: theirs })
  const asked = published && hostAddress ? { original: { dst: hostAddress, dport: published.port } } : {}
  const { protocol: proto } = port
  return [
    {
      what: `from ${name} to port ${published?.port ?? port.port} of ${way.name}`,
      packet: {
        ...{ iif, oif: bridge, dst: address, proto, sport: CLIENT_PORT, dport: port.port, ctstate: 'new' },
        ...far('src'),
        ...asked,
      },
    },
    {
      what: `answers of ${way.name} to ${name}`,
      packet: {
        ...{ iif: bridge, oif: iif, src: address, proto, sport: port.port, dport: CLIENT_PORT },
        ...{ ctstate: 'established', direction: 'reply' },
        ...far('dst'),
      },
    },
  ]
}

/** In to the container: through FORWARD where a rule sends packets on, through INPUT where a program of the host takes them. */
export const filteredIn: Fact<Filtered> = defineFact({
  name: 'filteredIn',
  about: 'What the packet filter stops on the way in to the named container.',
  needs: { way: namedWay, entry: namedEntry, firewall, interfaces },
  parse: (_, { way, entry, firewall, interfaces }): Filtered => {
    if (!way || !entry || way.isFromHere) return NOTHING
    const host = hostView(interfaces)
    const { how } = entry
    if (how === 'host' || how === 'proxied' || how === 'taken') return filteredAtHost(way, firewall, host)
    const port = way.published?.port
    return filtered(
      waysIn(way),
      (packet) => traceForward(firewall, packet, host),
      port === undefined ? undefined : { port, container: way.name },
    )
  },
})

function filteredAtHost(way: NamedWay, firewall: Firewall, host: HostView): Filtered {
  const port = way.published?.port ?? way.port?.port ?? 0
  const packet = arriving({
    ...way,
    hostAddress: way.hostAddress ?? way.address,
    published: { ip: '', port },
  })
  if (!packet) return NOTHING
  const what = `from ${peerOf(way).name} to port ${port} of this host`
  return filtered([{ what, packet }], (one) => traceInput(firewall, one, host))
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
    servers: maybe(innerResolvers),
  },
  parse: (_, { way, firewall, interfaces, uplinks, target, servers }): Filtered => {
    const oif = uplinks[0]?.name
    if (!way?.network || !way.address || way.kind !== 'bridge' || oif === undefined || way.network.internal)
      return NOTHING
    const { bridge } = way.network
    const host = target.known ? target.value : null
    const dst = parseAddress(host?.host ?? '')?.family === 4 ? (host?.host ?? OUTSIDE) : OUTSIDE
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
    const ways: Way[] = [
      { what: `from ${way.name} to ${to}`, packet: { ...out, dst, proto: 'tcp', dport } },
      {
        what: `answers of ${to} to ${way.name}`,
        packet: { ...back, src: dst, proto: 'tcp', sport: dport, direction: 'reply' },
      },
      ...(servers.known ? servers.value : []).filter(isForwarded).map((server): Way => {
        const packet: Packet = { ...out, dst: server, proto: 'udp', dport: 53 }
        return { what: `DNS queries of ${way.name} to ${server}`, packet }
      }),
    ]
    return filtered(ways, (packet) => traceForward(firewall, packet, hostView(interfaces)))
  },
})
