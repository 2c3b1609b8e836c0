/** Another machine that a text is about: it answers a ping there, and a connection to it fails. */
import { containers } from '../facts/engine.ts'
import { type EngineBridge, engineBridges } from '../facts/engine-bridges.ts'
import { interfaces } from '../facts/network.ts'
import type { WayAsked } from '../facts/settings.ts'
import type { Host } from '../hosts/host.ts'
import type { CheckId } from '../model/check.ts'
import type { Result } from '../model/report.ts'
import { contains, isLoopback, PRIVATE_RANGES } from '../net/cidr.ts'
import { ask, type DiagnoseOptions, factsOf } from './examine.ts'
import { outside } from './reach/from-inside.ts'

export type Peer = NonNullable<WayAsked['to']> & { readonly port: number }

/** The check that sends something to whom `trace --to` names. */
export const OF_PEERS: CheckId = 'container/reachable'

/** What belongs to this host, by which a peer is told. */
export interface Own {
  /** IPv4. */
  readonly addresses: readonly string[]
  readonly subnets: readonly string[]
  /** Published for containers. */
  readonly ports: readonly number[]
}

const ADDRESS = String.raw`(?:\d{1,3}\.){3}\d{1,3}`
/** Ways in which commands and messages name an address with a port. */
const ENDPOINTS = [
  new RegExp(String.raw`\b(?<scheme>https?)://(?<host>${ADDRESS})(?::(?<port>\d{1,5}))?(?![\d.:])`, 'gi'),
  new RegExp(String.raw`(?<![\d./])(?<host>${ADDRESS}):(?<port>\d{1,5})\b`, 'g'),
  new RegExp(String.raw`(?<![\d.])(?<host>${ADDRESS}) port (?<port>\d{1,5})\b`, 'gi'),
  new RegExp(
    String.raw`\b(?:nc|ncat|netcat|telnet)\b[^\n|;&]{0,200}? (?<host>${ADDRESS}) (?<port>\d{1,5})\b`,
    'gi',
  ),
] as const
const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 }
const ANSWERS_PING = new RegExp(String.raw`\bbytes from (?:\S+ \()?(${ADDRESS})\b`, 'g')

/** The one endpoint whose machine answers a ping in the text, and is not this host, nor on it; null where there is none, or there are several. */
export function peerIn(text: string, own: Own): Peer | null {
  const answering = new Set([...text.matchAll(ANSWERS_PING)].map(([, address]) => address))
  const peers = ENDPOINTS.flatMap((pattern) => [...text.matchAll(pattern)])
    .map(({ groups }) => ({
      host: groups?.host ?? '',
      port: Number(groups?.port ?? PORTS[groups?.scheme?.toLowerCase() ?? '']),
    }))
    .filter(
      ({ host, port }) => answering.has(host) && port > 0 && port < 65_536 && isElsewhere(host, port, own),
    )
  const [first, ...others] = new Map(peers.map((peer) => [`${peer.host}:${peer.port}`, peer])).values()
  return first && others.length === 0 ? first : null
}

/** A public address may be this host's own behind a router that translates it, unless it has a public one itself. */
const isElsewhere = (address: string, port: number, { addresses, subnets, ports }: Own): boolean =>
  !isLoopback(address) &&
  !addresses.includes(address) &&
  !subnets.some((subnet) => contains(subnet, address)) &&
  (isPrivate(address) || (!ports.includes(port) && !addresses.every(isPrivate)))

const isPrivate = (address: string): boolean =>
  isLoopback(address) || PRIVATE_RANGES.some((range) => contains(range, address))

/**
 * What a connection to the peer shows that a text means: from the container that it is about, or from another one where it names none, as a
 * container that has ended cannot be asked. Null where the text means no peer, or nobody can be asked.
 */
export async function examinePeer(
  text: string,
  host: Host,
  options: DiagnoseOptions,
): Promise<{ readonly peer: Peer; readonly result: Result } | null> {
  if (options.offline) return null
  const seen = await seenOf(host, options)
  const peer = seen && peerIn(text, seen.own)
  const { container = seen && standIn(seen.bridges), profile } = options.settings
  const check = options.checks.find(({ id }) => id === OF_PEERS)
  if (!peer || !container || !check) return null
  const settings = { ...options.settings, container, way: { to: peer } }
  const [result] = await ask(host, [{ ...check, ...outside }], profile, { ...options, settings })
  return result ? { peer, result } : null
}

interface Seen {
  readonly bridges: readonly EngineBridge[]
  readonly own: Own
}

/** Null where it cannot be told what is this host's own. */
async function seenOf(host: Host, options: DiagnoseOptions): Promise<Seen | null> {
  const facts = factsOf(host, options)
  const [links, bridges, all] = await Promise.all([
    facts.get(interfaces),
    facts.get(engineBridges),
    facts.get(containers),
  ])
  if (!links.outcome.known || !bridges.outcome.known || !all.outcome.known) return null
  const own: Own = {
    addresses: links.outcome.value.flatMap(({ addresses }) =>
      addresses.filter(({ family }) => family === 4).map(({ address }) => address),
    ),
    subnets: bridges.outcome.value.flatMap(({ network }) => network.subnets.map(({ subnet }) => subnet)),
    ports: all.outcome.value.flatMap(({ ports }) => ports.flatMap(({ publicPort }) => publicPort ?? [])),
  }
  return { bridges: bridges.outcome.value, own }
}

/** A running container that may go out. */
const standIn = (bridges: readonly EngineBridge[]): string | undefined =>
  bridges
    .filter(({ network }) => !network.internal)
    .flatMap(({ containers }) => containers)
    .find(({ state }) => state === 'running')?.name
