import { broadcastOf, contains, type Family, isLoopback, parseAddress, parseCidr } from '../cidr.ts'
import { directionOf, familyOf, type PacketState } from './packet.ts'
import type { Test } from './program.ts'
import { any, fromBoolean, not, type Ternary } from './ternary.ts'

// The questions that rules of both notations ask about a packet.

export const never: Test = () => 'no'
export const unknown: Test = () => 'maybe'

/** The reverse path: packets are given as they come in by the interface that the answers leave by. */
export const comesRight: Test = ({ packet }) => (packet.iif === undefined ? 'maybe' : 'yes')

export function negated(negate: boolean, test: Test): Test {
  return negate ? (state) => not(test(state)) : test
}

/** Of the given IP version. */
export function isFamily(family: Family): Test {
  return ({ packet }) => fromBoolean(familyOf(packet) === family)
}

/** `side` is `iif` or `oif`; `wildcard`, at the name's end, stands for any rest: `br-+`, `br-*`. */
export function interfaceIs(side: 'iif' | 'oif', name: string, wildcard: '+' | '*'): Test {
  return ({ packet }) => {
    const actual = packet[side]
    if (actual === undefined) return 'maybe'
    if (name.endsWith(wildcard)) return fromBoolean((actual ?? '').startsWith(name.slice(0, -1)))
    return fromBoolean(actual === name)
  }
}

/** Whether the address lies in one of the blocks; a block that cannot be read may hold anything. */
export function addressIn(side: 'src' | 'dst', blocks: readonly string[]): Test {
  return ({ packet }) => any(blocks.map((block) => inBlock(packet[side], block)))
}

export function inBlock(address: string | undefined, block: string): Ternary {
  if (address === undefined || parseCidr(block) === undefined) return 'maybe'
  return fromBoolean(contains(block, address))
}

/** Both bounds belong to the range. */
export function inRange(address: string | undefined, first: string, last: string): Ternary {
  const [value, low, high] = [address ?? '', first, last].map(parseAddress)
  if (value === undefined || low === undefined || high === undefined) return 'maybe'
  return fromBoolean(value.family === low.family && low.value <= value.value && value.value <= high.value)
}

export function protocolIs(name: string): Test {
  const wanted = protocolNumber(name)
  return ({ packet }) => {
    if (wanted === '0') return 'yes'
    return packet.proto === undefined ? 'maybe' : fromBoolean(protocolNumber(packet.proto) === wanted)
  }
}

// iana.org/assignments/protocol-numbers, the ones that firewall rules name.
const PROTOCOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    all: '0',
    icmp: '1',
    igmp: '2',
    ipencap: '4',
    tcp: '6',
    egp: '8',
    udp: '17',
    dccp: '33',
    ipv6: '41',
    gre: '47',
    esp: '50',
    ah: '51',
    'ipv6-icmp': '58',
    icmpv6: '58',
    ospf: '89',
    ipip: '94',
    pim: '103',
    vrrp: '112',
    l2tp: '115',
    sctp: '132',
    udplite: '136',
  }),
)

function protocolNumber(name: string): string {
  return PROTOCOLS.get(name.toLowerCase()) ?? name
}

/** Whether the port lies in one of the ranges, bounds included. */
export function portIn(side: 'sport' | 'dport', ranges: readonly PortRange[]): Test {
  return ({ packet }) => {
    const port = packet[side]
    return port === undefined
      ? 'maybe'
      : fromBoolean(ranges.some(([low, high]) => low <= port && port <= high))
  }
}

export type PortRange = readonly [low: number, high: number]

/** The connection's state is one of the names (`new`, `established`, …, and `snat`, `dnat`), in any case. */
export function stateIn(names: readonly string[]): Test {
  const wanted = names.map((name) => name.toLowerCase())
  return (state) =>
    any(
      wanted.map((name) => {
        if (name === 'dnat') return hasDnat(state)
        if (name === 'snat') return 'maybe'
        return state.packet.ctstate === undefined ? 'maybe' : fromBoolean(state.packet.ctstate === name)
      }),
    )
}

/** The connection's destination was translated. */
export const hasDnat = ({ packet }: PacketState): Ternary => {
  if (directionOf(packet) === 'reply') return 'maybe'
  if (packet.original !== undefined) return 'yes'
  return directionOf(packet) === 'original' ? 'no' : 'maybe'
}

export function directionIs(direction: string): Test {
  return ({ packet }) => {
    const actual = directionOf(packet)
    return actual === undefined ? 'maybe' : fromBoolean(actual === direction.toLowerCase())
  }
}

/** What the connection's first packet was sent to, before any DNAT. */
export function originalDst({ packet }: PacketState): { readonly dst?: string; readonly dport?: number } {
  if (directionOf(packet) === 'reply') return {}
  if (packet.original !== undefined) return packet.original
  if (directionOf(packet) === undefined) return {}
  const { dst, dport } = packet
  return { ...(dst === undefined ? {} : { dst }), ...(dport === undefined ? {} : { dport }) }
}

export function markIs(value: number, mask: number): Test {
  return ({ mark }) => (mark === undefined ? 'maybe' : fromBoolean((mark & mask) >>> 0 === value >>> 0))
}

/** The routing type of the address (`local`, `broadcast`, `unicast`, …, in any case) is one of `types`. */
export function addressTypeIn(side: 'src' | 'dst', types: readonly string[]): Test {
  const wanted = types.map((type) => type.toLowerCase())
  return ({ packet, host }) => {
    const actual = addressType(packet[side], host.localAddresses)
    if (actual === undefined) return 'maybe'
    if (wanted.includes(actual)) return 'yes'
    return actual === 'unicast' && wanted.some((type) => ROUTE_TYPES.has(type)) ? 'maybe' : 'no'
  }
}

// Types which only the routing table could tell.
const ROUTE_TYPES = new Set(['unreachable', 'prohibit', 'blackhole', 'throw', 'nat', 'xresolve', 'anycast'])

function addressType(address: string | undefined, local: readonly string[] | undefined): string | undefined {
  if (address === undefined) return undefined
  if (isLoopback(address)) return 'local'
  if (contains('224.0.0.0/4', address) || contains('ff00::/8', address)) return 'multicast'
  if (address === '255.255.255.255') return 'broadcast'
  if (local === undefined) return undefined
  if (local.some((own) => contains(own.split('/')[0] ?? '', address))) return 'local'
  return local.some((own) => own.includes('/') && broadcastOf(own) === address) ? 'broadcast' : 'unicast'
}

/** TCP's flags under the mask are exactly these; known only for the packet that opens a connection, which has SYN. */
export function tcpFlagsAre(mask: readonly string[], set: readonly string[]): Test {
  const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase())
  const wanted = lower(set).filter((name) => name !== 'none')
  const masked = lower(mask).includes('all') ? ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'] : lower(mask)
  return ({ packet }) => {
    if (packet.proto !== undefined && packet.proto !== 'tcp') return 'no'
    if (packet.proto === undefined || packet.ctstate !== 'new') return 'maybe'
    const present = masked.filter((name) => name === 'syn')
    return fromBoolean(present.length === wanted.length && present.every((name) => wanted.includes(name)))
  }
}

export function icmpTypeIs(type: number | undefined): Test {
  return ({ packet }) =>
    type === undefined || packet.icmpType === undefined ? 'maybe' : fromBoolean(packet.icmpType === type)
}
