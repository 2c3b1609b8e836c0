/** The ways that packets of containers take through the host, and what the packet filter does to them. */
import { defineFact, type Fact, type Known, maybe } from '../model/fact.ts'
import { isLoopback, parseAddress, parseCidr } from '../net/cidr.ts'
import type { NetInterface } from '../net/interface.ts'
import type { Firewall } from '../net/path/firewall.ts'
import type { HostView, Packet } from '../net/path/packet.ts'
import { type Trace, traceForward } from '../net/path/trace.ts'
import { uplink } from './bridges.ts'
import { type Container, containers, type EngineNetwork, networks, type PublishedPort } from './engine.ts'
import { iptables, nftables } from './firewall.ts'
import { interfaces } from './network.ts'
import { type ContainerResolvers, containerResolvers } from './resolvers.ts'

/** A way, in words (`from docker0 to the outside`), and the packets that stand for it: where one gets through, the way is open. */
interface Way {
  readonly what: string
  readonly packets: readonly [Packet, ...Packet[]]
  /** Of the way in to a published port: the port, and whose it is. */
  readonly published?: { readonly port: number; readonly container: string }
}

export interface BlockedWay extends Omit<Way, 'packets'> {
  /** Its verdict is `drop` or `reject`: certain, never a guess. */
  readonly trace: Trace
}

/** Stands for any address outside: the rules of a host are rarely about it. */
export const OUTSIDE = '8.8.4.4'
export const CLIENT_PORT = 40_000

/** Every rule that may stop or translate a packet. */
export const firewall: Fact<Firewall> = defineFact({
  name: 'firewall',
  about: 'The rules of both iptables backends and of nftables.',
  needs: { iptables, nftables },
  parse: (_, { iptables, nftables }): Firewall => ({
    iptables: [iptables.active, iptables.other].filter((rules) => rules !== null),
    ...(nftables ? { nftables } : {}),
  }),
})

/**
 * The ways that are certainly blocked: out of each network and back, to the name servers, and in to each published port.
 * Null without a default route, or without a program that tells rules.
 */
export const blockedWays: Fact<readonly BlockedWay[] | null> = defineFact({
  name: 'blockedWays',
  about: 'The ways of container packets that the packet filter certainly stops, with the rule that does.',
  needs: { firewall, networks, containers, uplink, interfaces, resolvers: maybe(containerResolvers) },
  parse: (_, { firewall, networks, containers, uplink, interfaces, resolvers }) => {
    if (uplink === null || (!firewall.nftables && firewall.iptables?.length === 0)) return null
    const bridged = networks.filter(({ driver, internal }) => driver === 'bridge' && !internal)
    const host = hostView(interfaces)
    const own = interfaces.find(({ name }) => name === uplink)?.addresses.find(({ family }) => family === 4)
    const ways = [
      ...bridged.flatMap((network) => waysOut(network, uplink, outside(resolvers))),
      ...containers.flatMap((container) => waysIn(container, bridged, { uplink, address: own?.address })),
    ]
    return ways.flatMap(({ packets, ...way }): BlockedWay[] => {
      const traces = packets.map((packet) => traceForward(firewall, packet, host))
      const [trace] = traces
      return trace && traces.every(isStopped) ? [{ ...way, trace }] : []
    })
  },
})

/** The name servers that queries are forwarded to; none where the engine falls back to public ones, or it is not known. */
const outside = (resolvers: Known<ContainerResolvers>): readonly string[] =>
  resolvers.known && resolvers.value.from !== null
    ? resolvers.value.servers.filter((server) => parseAddress(server)?.family === 4 && !isLoopback(server))
    : []

/** What rules may ask about the host itself. */
export const hostView = (interfaces: readonly NetInterface[]): HostView => ({
  localAddresses: interfaces.flatMap(({ addresses }) =>
    addresses.map(({ address, prefix }) => `${address}/${prefix}`),
  ),
})

/** Certainly, whatever it is that cannot be judged. */
export const isStopped = ({ verdict }: Trace): boolean => verdict === 'drop' || verdict === 'reject'

/** An address that a container on an IPv4 subnet could have. */
export const containerAddressIn = (subnet: string): string =>
  subnet.replace(/\d+\/\d+$/, (end) => String(Number.parseInt(end, 10) + 2))

function waysOut(network: EngineNetwork, uplink: string, resolvers: readonly string[]): Way[] {
  const { bridge } = network
  const subnet = network.subnets.find((one) => parseCidr(one.subnet)?.family === 4)?.subnet
  if (!subnet) return []
  const src = containerAddressIn(subnet)
  const out: Packet = { iif: bridge, oif: uplink, src, sport: CLIENT_PORT, ctstate: 'new' }
  const back: Packet = { iif: uplink, oif: bridge, dst: src, dport: CLIENT_PORT, ctstate: 'established' }
  return [
    { what: `from ${bridge} to the outside`, packets: [{ ...out, dst: OUTSIDE, proto: 'tcp', dport: 443 }] },
    {
      what: `answers from the outside to ${bridge}`,
      packets: [{ ...back, src: OUTSIDE, proto: 'tcp', sport: 443 }],
    },
    ...resolvers.map((dst): Way => {
      const packet: Packet = { ...out, dst, proto: 'udp', dport: 53 }
      return { what: `DNS queries from ${bridge} to ${dst}`, packets: [packet] }
    }),
  ]
}

/** On all addresses or one that others can reach, over IPv4. */
export const isOpenToOthers = ({ ip, publicPort }: PublishedPort): boolean =>
  publicPort !== null && !isLoopback(ip) && !ip.includes(':')

/** Without a source: a rule that lets some in and keeps others out stops no port. Of several networks a port leads to one, by a rule. */
function waysIn(
  container: Container,
  bridged: readonly EngineNetwork[],
  { uplink, address }: { readonly uplink: string; readonly address: string | undefined },
): Way[] {
  if (container.state !== 'running') return []
  const [first, ...more] = bridged.flatMap(({ name, bridge }) => {
    const dst = container.addresses.get(name)
    return dst ? [{ oif: bridge, dst }] : []
  })
  if (!first) return []
  return container.ports.filter(isOpenToOthers).map(({ ip, publicPort, privatePort, protocol }): Way => {
    const port = publicPort ?? privatePort
    const asked = ip === '0.0.0.0' || ip === '' ? address : ip
    const original = asked ? { original: { dst: asked, dport: port } } : {}
    const way = { iif: uplink, ctstate: 'new', proto: protocol, sport: CLIENT_PORT, ...original } as const
    const packetTo = (end: typeof first): Packet => ({ ...way, ...end, dport: privatePort })
    return {
      what: `from the outside to port ${port} of ${container.name}`,
      packets: [packetTo(first), ...more.map(packetTo)],
      published: { port, container: container.name },
    }
  })
}
