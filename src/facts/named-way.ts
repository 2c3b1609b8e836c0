/** The way of a packet to the container that is asked about: which network, which port, by which interface. */
import { defineFact, type Fact, type Known, maybe } from '../model/fact.ts'
import { contains, isLoopback, parseCidr } from '../net/cidr.ts'
import { wayOf } from '../net/fib.ts'
import type { Route, RoutingRule } from '../net/route.ts'
import { innerNetwork } from './container-namespace.ts'
import { type Container, containers, type EngineNetwork, networks, type PublishedPort } from './engine.ts'
import { isOpenToOthers } from './forwarding-paths.ts'
import { type NamedContainer, namedContainer } from './named-container.ts'
import { type NamedPeer, namedPeer } from './named-peer.ts'
import { interfaces, routes, routingRules } from './network.ts'
import { settings } from './settings.ts'
import { uplinks } from './uplinks.ts'

/** Why a check of area container does not apply. */
export const NO_CONTAINER = 'no container is named: --container NAME'

export interface Port {
  readonly port: number
  readonly protocol: string
}

export interface NamedWay {
  readonly name: string
  /** Of the engine's bridge driver, the host's own, none at all, or of a driver whose ways are not known here. */
  readonly kind: 'bridge' | 'host' | 'none' | 'other'
  /** Null on the host's own network, and on none. */
  readonly network: EngineNetwork | null
  /** The container's IPv4 address, as the engine says; on the host's network the host's own. Null where it has none. */
  readonly address: string | null
  /** The container's own port; null where none is asked for and it publishes none. */
  readonly port: Port | null
  /** Null where that port is not published. */
  readonly published: { readonly ip: string; readonly port: number } | null
  /** Ports that it publishes besides. */
  readonly others: readonly number[]
  /** Somebody on this host itself, or in a container. */
  readonly peer: NamedPeer | null
  /** The interface that packets come in by; null for those of this host itself, and where no route tells. */
  readonly iif: string | null
  readonly isFromHere: boolean
  /** The peer is in the container's own network, and needs no published port. */
  readonly isNeighbour: boolean
  /** The address of this host that packets are sent to; null where it is not known. */
  readonly hostAddress: string | null
}

const isV4 = ({ ip }: PublishedPort): boolean => !ip.includes(':')

/** Published ports that others reach first, then those that only this host reaches. */
const publishedBy = ({ ports }: Container): readonly PublishedPort[] =>
  ports
    .filter((one) => one.publicPort !== null && isV4(one))
    .toSorted((a, b) => Number(isOpenToOthers(b)) - Number(isOpenToOthers(a)))

/** A port may be asked for as the container has it, or as the host has it. */
function portOf(named: NamedContainer, owner: Container, asked: number | undefined) {
  const published = publishedBy(owner)
  const found =
    asked === undefined
      ? published[0]
      : (published.find(({ privatePort }) => privatePort === asked) ??
        published.find(({ publicPort }) => publicPort === asked))
  const others = [...new Set(published.flatMap(({ publicPort }) => publicPort ?? []))]
  if (found) {
    const port = { port: found.privatePort, protocol: found.protocol }
    const publicPort = found.publicPort ?? found.privatePort
    return {
      port,
      published: { ip: found.ip, port: publicPort },
      others: others.filter((one) => one !== publicPort),
    }
  }
  const declared = [...named.wishes, ...named.exposed]
  if (asked === undefined) {
    const [only, ...more] = declared.map(({ port, protocol }) => ({ port, protocol }))
    return { port: only && more.length === 0 ? only : null, published: null, others }
  }
  const wish = named.wishes.find(({ hostPort }) => hostPort === asked)
  const protocol = declared.find(({ port }) => port === asked)?.protocol ?? wish?.protocol ?? 'tcp'
  return { port: { port: wish?.port ?? asked, protocol }, published: null, others }
}

/** The container whose network it has: its own, or another one's (`--network container:ID`). */
const ownerOf = (container: Container, all: readonly Container[]): Container => {
  const [, id] = /^container:(.+)$/.exec(container.networkMode) ?? []
  return all.find((one) => one.id === id) ?? container
}

const subnetOf = ({ subnets }: EngineNetwork) => subnets.find(({ subnet }) => parseCidr(subnet)?.family === 4)

/** Of several networks the one that the peer is in, or that the default route leads through. */
function networkOf(owner: Container, all: readonly EngineNetwork[], hints: readonly (string | null)[]) {
  const own = all.filter(({ name }) => owner.addresses.has(name))
  const near = (address: string | null) =>
    own.find((one) => address !== null && contains(subnetOf(one)?.subnet ?? '', address))
  for (const hint of hints) {
    const found = near(hint)
    if (found) return found
  }
  return own[0] ?? null
}

export const namedWay: Fact<NamedWay | null> = defineFact({
  name: 'namedWay',
  about:
    'The network, port and interface by which packets get to the named container; null where none is named.',
  needs: {
    settings,
    named: namedContainer,
    containers: maybe(containers),
    networks: maybe(networks),
    inner: maybe(innerNetwork),
    peer: maybe(namedPeer),
    interfaces: maybe(interfaces),
    routes: maybe(routes),
    rules: maybe(routingRules),
    uplinks: maybe(uplinks),
  },
  parse: (_, facts): NamedWay | null => {
    const { named, settings } = facts
    if (!named) return null
    const peer = facts.peer.known ? facts.peer.value : null
    const owner = ownerOf(named.container, facts.containers.known ? facts.containers.value : [])
    const inner = facts.inner.known ? facts.inner.value : null
    const all = facts.networks.known ? facts.networks.value : []
    const network = networkOf(owner, all, [peer?.address ?? null, inner?.gateway ?? null])
    const kind = kindOf(owner, network)
    const links = facts.interfaces.known ? facts.interfaces.value : []
    const own = new Set(links.flatMap(({ addresses }) => addresses.map(({ address }) => address)))
    const isFromHere = peer !== null && (isLoopback(peer.address) || own.has(peer.address))
    const uplink = facts.uplinks.known ? (facts.uplinks.value[0]?.name ?? null) : null
    const iif = isFromHere ? null : peer ? deviceTo(peer.address, facts) : uplink
    const address = links
      .find(({ name }) => name === iif)
      ?.addresses.find(({ family }) => family === 4)?.address
    const way = portOf(named, owner, settings.way?.port)
    const bound = way.published?.ip
    const isAny = bound === undefined || bound === '' || bound === '0.0.0.0'
    return {
      name: named.container.name,
      kind,
      network: kind === 'bridge' || kind === 'other' ? network : null,
      address: kind === 'host' ? (address ?? null) : (network && owner.addresses.get(network.name)) || null,
      ...way,
      peer,
      iif,
      isFromHere,
      isNeighbour:
        peer !== null && network !== null && contains(subnetOf(network)?.subnet ?? '', peer.address),
      hostAddress: isAny ? (isFromHere ? (peer?.address ?? null) : (address ?? null)) : bound,
    }
  },
})

function kindOf(owner: Container, network: EngineNetwork | null): NamedWay['kind'] {
  if (owner.networkMode === 'host' || network?.driver === 'host') return 'host'
  if (owner.networkMode === 'none' || network?.driver === 'null') return 'none'
  if (network === null) return 'none'
  return network.driver === 'bridge' ? 'bridge' : 'other'
}

interface Routing {
  readonly routes: Known<readonly Route[]>
  readonly rules: Known<readonly RoutingRule[]>
}

function deviceTo(address: string, { routes, rules }: Routing): string | null {
  if (!routes.known || !rules.known) return null
  const way = wayOf({ src: '0.0.0.0', dst: address }, rules.value, routes.value)
  return way.kind === 'route' ? (way.route.dev ?? null) : null
}
