/** How a packet to the named container gets from this host's address to the container's, by the rules as they are. */
import { defineFact, type Fact, maybe, type Unreadable } from '../model/fact.ts'
import type { Packet } from '../net/path/packet.ts'
import type { RuleRef } from '../net/path/program.ts'
import { type NatTrace, traceDestinationNat, traceLocalDestinationNat } from '../net/path/trace.ts'
import { CLIENT_PORT, firewall, hostView } from './forwarding-paths.ts'
import { holderOf, type Listener, listeners } from './listeners.ts'
import { type NamedWay, namedWay } from './named-way.ts'
import { interfaces } from './network.ts'

export type Entry =
  /** The container's own address is asked for, or the host's network is the container's. */
  | { readonly how: 'direct' | 'host' }
  /** A rule sends it on to the container. */
  | { readonly how: 'translated'; readonly rule: RuleRef | undefined }
  /** A rule sends it on to another address. */
  | { readonly how: 'elsewhere'; readonly rule: RuleRef | undefined; readonly to: string }
  /** No rule: the engine's own program takes it, and passes on what is said. */
  | { readonly how: 'proxied' }
  | { readonly how: 'taken'; readonly by: Listener }
  /** No rule, and nobody who would take it. */
  | { readonly how: 'lost' }
  /** It hangs on a rule that cannot be judged. */
  | { readonly how: 'undecided' }
  | { readonly how: 'unknown'; readonly why: Unreadable }

/** Programs that take a published port for the engine: with rootless engines, rootlesskit. */
const ENGINE_PROGRAMS: ReadonlySet<string> = new Set([
  'docker-proxy',
  'dockerd',
  'rootlesskit',
  'rootlessport',
])
/** Only root is told of other people's programs. */
const isEngine = ({ program }: Listener): boolean => program === '' || ENGINE_PROGRAMS.has(program)

/** The packet as it arrives at this host, before anything is translated; null where it asks for no port of the host. */
export function arriving({ port, published, peer, iif, hostAddress, isFromHere }: NamedWay): Packet | null {
  if (!port || !published || hostAddress === null || (iif === null && !isFromHere)) return null
  const src = peer && !isFromHere ? { src: peer.address } : {}
  const to = { dst: hostAddress, dport: published.port }
  return { iif, ...src, ...to, proto: port.protocol, sport: CLIENT_PORT, ctstate: 'new' }
}

/** Null where no container is named, or no port is. */
export const namedEntry: Fact<Entry | null> = defineFact({
  name: 'namedEntry',
  about:
    'How a packet for the published port gets to the named container: by a rule, by the engine, or not at all.',
  needs: {
    way: namedWay,
    firewall: maybe(firewall),
    interfaces: maybe(interfaces),
    listeners: maybe(listeners),
  },
  parse: (_, { way, firewall, interfaces, listeners }): Entry | null => {
    if (!way?.port) return null
    if (way.kind === 'host') return { how: 'host' }
    const packet = arriving(way)
    if (!packet || way.isNeighbour) return { how: 'direct' }
    if (!firewall.known) return { how: 'unknown', why: firewall.why }
    const host = hostView(interfaces.known ? interfaces.value : [])
    const trace = way.isFromHere ? traceLocalDestinationNat : traceDestinationNat
    const nat = trace(firewall.value, packet, host)
    const holder = listeners.known
      ? holderOf(listeners.value, {
          protocol: packet.proto ?? '',
          port: packet.dport ?? 0,
          address: packet.dst ?? '',
        })
      : undefined
    return entryBy(nat, way, listeners.known ? holder : 'unknown')
  },
})

function entryBy(nat: NatTrace, way: NamedWay, holder: Listener | undefined | 'unknown'): Entry {
  if (nat.verdict === 'undecided') return { how: 'undecided' }
  if (nat.verdict === 'dnat') {
    const { to = way.address ?? '', port } = nat.nat ?? {}
    const isOwn = to === way.address && (port === undefined || port === way.port?.port)
    return isOwn
      ? { how: 'translated', rule: nat.rule }
      : { how: 'elsewhere', rule: nat.rule, to: port ? `${to}:${port}` : to }
  }
  const redirected = nat.verdict === 'redirect' ? (nat.nat?.port ?? way.published?.port) : undefined
  if (redirected !== undefined && redirected !== way.published?.port)
    return { how: 'elsewhere', rule: nat.rule, to: `port ${redirected} of this host` }
  if (nat.verdict !== 'none' && nat.verdict !== 'redirect') return { how: 'undecided' }
  if (holder === 'unknown') return { how: 'undecided' }
  if (holder === undefined) return { how: 'lost' }
  return isEngine(holder) ? { how: 'proxied' } : { how: 'taken', by: holder }
}
