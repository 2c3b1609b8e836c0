/** What the packet filter does to packets for the host itself. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import type { HostView, Packet } from '../net/path/packet.ts'
import { type Trace, traceDestinationNat, traceForward, traceInput } from '../net/path/trace.ts'
import { type Container, containers, networks } from './engine.ts'
import { isEngineInterface } from './engine-bridges.ts'
import { firewalldRuns, runtimeZones } from './firewalld.ts'
import { CLIENT_PORT, firewall, hostView, isOpenToOthers, isStopped, OUTSIDE } from './forwarding-paths.ts'
import { interfaces } from './network.ts'
import { type FirewallKeeper, keeperOf } from './open-port.ts'
import { isUfwChain } from './ufw.ts'

/** A packet that opens a connection to the host; without a source it stands for all of them. */
export interface Entry {
  readonly iif: string
  readonly src?: string
  readonly dst: string
  readonly proto: string
  readonly dport?: number
}

interface Way {
  readonly name: string
  readonly address: string
  /** The network that the address lies in. */
  readonly subnet: string
  /** firewalld's zone of the interface, where one is told. */
  readonly zone: string | undefined
}

export interface InputFilter {
  readonly keeper: FirewallKeeper
  /** Interfaces by which others come in, with the host's address there; without the engine's own. */
  readonly outer: readonly Way[]
  /** The engine's bridges, with their addresses. */
  readonly bridges: readonly Way[]
  /** Where and by what a packet is certainly stopped; null where it is not, or may not be. */
  readonly stops: (entry: Entry) => Trace | null
  /** Published ports that a rule or policy of INPUT closes, and that are open all the same: they are forwarded, past INPUT. */
  readonly bypassed: readonly Bypass[]
}

export interface Bypass {
  readonly container: string
  readonly port: number
  readonly protocol: string
  /** What closes the port, as somebody may believe. */
  readonly trace: Trace
}

export const inputFilter: Fact<InputFilter> = defineFact({
  name: 'inputFilter',
  about: 'What the packet filter does to packets for the host itself, and which published ports get past it.',
  needs: { firewall, interfaces, networks, containers, firewalldRuns, zones: maybe(runtimeZones) },
  parse: (_, { firewall, interfaces, networks, containers, firewalldRuns, zones }): InputFilter => {
    const host: HostView = hostView(interfaces)
    const names = new Set(networks.map(({ bridge }) => bridge))
    const addressed = interfaces.flatMap(({ name, up, addresses }): Way[] => {
      const own = addresses.find(({ family }) => family === 4)
      if (!own || !up || name === 'lo') return []
      const zone = ((zones.known && zones.value) || []).find((one) => one.interfaces.includes(name))?.name
      return [{ name, address: own.address, subnet: own.network, zone }]
    })
    const stops = (entry: Entry): Trace | null => {
      const packet: Packet = { ...entry, sport: CLIENT_PORT, ctstate: 'new' }
      const trace = traceInput(firewall, packet, host)
      return isStopped(trace) ? trace : null
    }
    /** Translated on arrival, and let through: a port that only docker-proxy holds does pass INPUT. */
    const getsThrough = (packet: Packet, { dst, dport }: NonNullable<Packet['original']>): boolean =>
      traceDestinationNat(firewall, { ...packet, dst, ...(dport ? { dport } : {}) }, host).verdict ===
        'dnat' && traceForward(firewall, packet, host).verdict === 'accept'
    const outer = addressed.filter(({ name }) => !names.has(name) && !isEngineInterface(name))
    const bridged = networks.filter(({ driver, internal }) => driver === 'bridge' && !internal)
    const open = (way: Way) =>
      containers
        .flatMap((container) => publishedTo(container, way, bridged))
        .filter(({ packet, original }) => getsThrough(packet, original))
    const ufwOn = (firewall.iptables ?? []).some(({ tables }) =>
      (tables.filter?.chains.INPUT?.rules ?? []).some(({ target = '' }) => isUfwChain(target)),
    )
    return {
      keeper: keeperOf({ ufwOn, firewalldRuns }),
      outer,
      bridges: addressed.filter(({ name }) => names.has(name)),
      stops,
      bypassed: outer.flatMap((way) =>
        open(way).flatMap(({ container, port, protocol }): Bypass[] => {
          const trace = stops({ iif: way.name, dst: way.address, proto: protocol, dport: port })
          return trace ? [{ container, port, protocol, trace }] : []
        }),
      ),
    }
  },
})

/** Packets from anywhere to the published ports of a container, as they are after translation. */
function publishedTo(
  container: Container,
  { name: iif, address }: Way,
  bridged: readonly { readonly name: string; readonly bridge: string }[],
) {
  const network = bridged.find(({ name }) => container.addresses.get(name))
  const dst = network && container.addresses.get(network.name)
  if (!network || !dst || container.state !== 'running') return []
  const reached = container.ports
    .filter(isOpenToOthers)
    .filter(({ ip }) => ip === '0.0.0.0' || ip === '' || ip === address)
  return reached.map(({ publicPort, privatePort, protocol }) => {
    const port = publicPort ?? privatePort
    const original = { dst: address, dport: port }
    const way = { iif, oif: network.bridge, src: OUTSIDE, dst, original } as const
    const packet: Packet = { ...way, proto: protocol, sport: CLIENT_PORT, dport: privatePort, ctstate: 'new' }
    return { container: container.name, port, protocol, packet, original }
  })
}
