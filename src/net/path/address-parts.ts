import { type Cidr, contains, formatCidr, parseAddress, parseCidr } from '../cidr.ts'
import type { IptablesRules } from '../iptables.ts'
import { arrayAt, isObject, numberAt, objectAt, stringAt } from '../json.ts'
import type { Firewall } from './firewall.ts'

/** A set may have thousands of elements: the largest parts are told. Our own choice. */
const MOST_PARTS = 200
/** Below this the prefix leaves no address for the network and for broadcasts. */
const SHARED_LINK = 31

/** No host on a network sends as these: this network, loopback, multicast and what is reserved. RFC 6890 */
const NO_SENDERS = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/3'] as const

type Range = Pick<Cidr, 'first' | 'last'>

/**
 * One IPv4 address of each part of a block that the rules may treat differently: the parts into which the networks that
 * rules and sets name cut it. At most 200, of the largest parts.
 */
export function addressParts(firewall: Firewall, block: Cidr): string[] {
  const isNetwork = block.prefix < SHARED_LINK
  const bounds = isNetwork ? { first: block.first + 1n, last: block.last - 1n } : block
  const cuts = [...namedRanges(firewall), ...NO_SENDERS.flatMap(blockOf)].flatMap(({ first, last }) => [
    first,
    last + 1n,
  ])
  const starts = [...new Set([bounds.first, ...cuts])]
    .filter((cut) => bounds.first <= cut && cut <= bounds.last)
    .sort((a, b) => (a < b ? -1 : 1))
  return starts
    .map((first, at) => ({ first, size: (starts[at + 1] ?? bounds.last + 1n) - first }))
    .sort((a, b) => (a.size > b.size ? -1 : a.size < b.size ? 1 : 0))
    .map(({ first }) => formatCidr({ family: 4, prefix: 32, first, last: first }).replace('/32', ''))
    .filter((address) => !NO_SENDERS.some((range) => contains(range, address)))
    .slice(0, MOST_PARTS)
}

const namedRanges = ({ iptables = [], nftables }: Firewall): Range[] => [
  ...iptables.flatMap(rangesOfIptables),
  ...(nftables?.tables ?? []).flatMap(({ chains, sets }) =>
    [...chains.flatMap(({ rules }) => rules.map(({ expr }) => expr)), ...Object.values(sets)].flatMap(
      (value) => rangesIn(value),
    ),
  ),
]

const rangesOfIptables = ({ tables }: IptablesRules): Range[] =>
  Object.values(tables)
    .flatMap(({ chains }) => Object.values(chains))
    .flatMap(({ rules }) => rules)
    .flatMap(({ matches }) => matches)
    .flatMap(({ option, values: [value = ''] }) =>
      option.endsWith('-range') ? between(...value.split('-')) : value.split(',').flatMap(blockOf),
    )

/** JSON that is nested on purpose must not exhaust the stack. */
const MAX_DEPTH = 12

function rangesIn(value: unknown, depth = 0): Range[] {
  if (typeof value === 'string') return blockOf(value)
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return []
  const prefix = isObject(value) ? objectAt(value, 'prefix') : undefined
  if (prefix) return blockOf(`${stringAt(prefix, 'addr')}/${numberAt(prefix, 'len')}`)
  const [first, last] = isObject(value) ? arrayAt(value, 'range') : []
  if (typeof first === 'string' && typeof last === 'string') return between(first, last)
  return Object.values(value).flatMap((inner) => rangesIn(inner, depth + 1))
}

function blockOf(text: string): Range[] {
  const cidr = parseCidr(text)
  return cidr?.family === 4 ? [cidr] : []
}

function between(first = '', last = first): Range[] {
  const [low, high] = [parseAddress(first), parseAddress(last)]
  return low?.family === 4 && high?.family === 4 ? [{ first: low.value, last: high.value }] : []
}
