import { type Family, networkOf, parseAddress, parseCidr } from './cidr.ts'
import type { InterfaceAddress, InterfaceLink, NetInterface } from './interface.ts'
import { toBlock } from './ip-block.ts'
import {
  arrayAt,
  isObject,
  type JsonObject,
  member,
  numberAt,
  objectAt,
  parseJsonObjects,
  printed,
  stringAt,
} from './json.ts'
import { defined } from './record.ts'
import type { NextHop, Route, RoutingRule } from './route.ts'

/**
 * Reads `ip -j addr`, `ip -j link` or `ip -j -d link`; only the last tells the kinds, only the first the addresses
 * (see `mergeInterfaces`). Entries without a name are left out: some versions print `{}` for what they filter.
 *
 * @throws {ParseError} when the text is not a JSON array, as from versions that do not know `-j`.
 */
export function parseIpInterfacesJson(text: string): NetInterface[] {
  return parseJsonObjects(text, 'ip -j link').flatMap((entry) => toInterface(entry) ?? [])
}

/**
 * Reads `ip -j route show table all`; `family` is that of the command, for `default` alone does not tell.
 *
 * @throws {ParseError} when the text is not a JSON array.
 */
export function parseIpRoutesJson(text: string, family: Family = 4): Route[] {
  return parseJsonObjects(text, 'ip -j route').flatMap((entry) => toRoute(entry, family) ?? [])
}

/**
 * Reads `ip -j rule`; `family` is that of the command (`ip -6 rule`), for a rule need not name an address.
 *
 * @throws {ParseError} when the text is not a JSON array.
 */
export function parseIpRulesJson(text: string, family: Family = 4): RoutingRule[] {
  return parseJsonObjects(text, 'ip -j rule').flatMap((entry) => toRule(entry, family) ?? [])
}

/** Interfaces by name: what the first list does not tell (kind, master, link) is taken from the second. */
export function mergeInterfaces(
  addr: readonly NetInterface[],
  link: readonly NetInterface[],
): NetInterface[] {
  const details = new Map(link.map((entry) => [entry.name, entry]))
  return addr.map((entry) => ({ ...details.get(entry.name), ...entry }))
}

function toInterface(entry: JsonObject): NetInterface | undefined {
  const name = stringAt(entry, 'ifname')
  if (name === undefined) return undefined
  const flags = strings(arrayAt(entry, 'flags'))
  const info = objectAt(entry, 'linkinfo')
  return defined({
    name,
    index: numberAt(entry, 'ifindex'),
    flags,
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP'),
    state: stringAt(entry, 'operstate'),
    mtu: numberAt(entry, 'mtu'),
    mac: stringAt(entry, 'address'),
    addresses: arrayAt(entry, 'addr_info').flatMap((address) =>
      isObject(address) ? (toAddress(address) ?? []) : [],
    ),
    kind: info === undefined ? undefined : stringAt(info, 'info_kind'),
    master: stringAt(entry, 'master'),
    link: toLink(entry),
  })
}

function toAddress(entry: JsonObject): InterfaceAddress | undefined {
  const address = stringAt(entry, 'local')
  const prefix = numberAt(entry, 'prefixlen')
  if (address === undefined || prefix === undefined) return undefined
  const family = parseAddress(address)?.family
  const network = networkOf(address, prefix)
  if (family === undefined || network === undefined) return undefined
  return defined({
    family,
    address,
    prefix,
    network,
    scope: stringAt(entry, 'scope'),
    peer: stringAt(entry, 'address'),
  })
}

function toLink(entry: JsonObject): InterfaceLink | undefined {
  const link = defined({
    name: stringAt(entry, 'link'),
    index: numberAt(entry, 'link_index'),
    netnsId: numberAt(entry, 'link_netnsid'),
  })
  return link.name === undefined && link.index === undefined ? undefined : link
}

function toRoute(entry: JsonObject, family: Family): Route | undefined {
  const nexthops = arrayAt(entry, 'nexthops').filter(isObject).map(toNextHop)
  const gateway = gatewayOf(entry) ?? nexthops[0]?.gateway
  const hints = [gateway, stringAt(entry, 'prefsrc')]
  const block = toBlock(stringAt(entry, 'dst') ?? '', familyOf(hints) ?? (isIpv6(entry) ? 6 : family))
  if (block === undefined) return undefined
  return defined({
    ...block,
    type: stringAt(entry, 'type') ?? 'unicast',
    table: stringAt(entry, 'table') ?? 'main',
    gateway,
    dev: stringAt(entry, 'dev') ?? nexthops[0]?.dev,
    metric: numberAt(entry, 'metric'),
    prefsrc: stringAt(entry, 'prefsrc'),
    scope: stringAt(entry, 'scope'),
    protocol: stringAt(entry, 'protocol'),
    flags: strings(arrayAt(entry, 'flags')),
    mtu: mtuOf(entry),
    nexthops,
  })
}

function toNextHop(entry: JsonObject): NextHop {
  return defined({
    gateway: gatewayOf(entry),
    dev: stringAt(entry, 'dev'),
    weight: numberAt(entry, 'weight'),
  })
}

// `via` is a gateway of the other family: {"family": "inet6", "host": "fe80::1"}.
function gatewayOf(entry: JsonObject): string | undefined {
  const via = objectAt(entry, 'via')
  return stringAt(entry, 'gateway') ?? (via === undefined ? undefined : stringAt(via, 'host'))
}

function mtuOf(entry: JsonObject): number | undefined {
  const [metrics] = arrayAt(entry, 'metrics')
  return isObject(metrics) ? numberAt(metrics, 'mtu') : undefined
}

// Only IPv6 routes carry a router preference.
function isIpv6(entry: JsonObject): boolean {
  return stringAt(entry, 'pref') !== undefined
}

function familyOf(addresses: readonly (string | undefined)[]): Family | undefined {
  return addresses.map((address) => parseCidr(address ?? '')?.family).find((family) => family !== undefined)
}

const OTHER_SELECTORS = [
  'tos',
  'dsfield',
  'tun_id',
  'uid_start',
  'uid_end',
  'sport',
  'dport',
  'sport_start',
  'dport_start',
  'l3mdev',
]

function toRule(entry: JsonObject, family: Family): RoutingRule | undefined {
  const priority = numberAt(entry, 'priority')
  if (priority === undefined) return undefined
  return defined({
    family,
    priority,
    not: Object.hasOwn(entry, 'not'),
    from: selector(entry, 'src', 'srclen', family),
    to: selector(entry, 'dst', 'dstlen', family),
    iif: stringAt(entry, 'iif'),
    oif: stringAt(entry, 'oif'),
    fwmark: toMark(entry),
    protocol: stringAt(entry, 'ipproto'),
    other: OTHER_SELECTORS.filter((key) => Object.hasOwn(entry, key)).map(
      (key) => `${key} ${printed(member(entry, key))}`,
    ),
    ...toAction(entry),
  })
}

function selector(entry: JsonObject, key: string, length: string, family: Family): string | undefined {
  const address = stringAt(entry, key)
  if (address === undefined || address === 'all') return undefined
  const bits = numberAt(entry, length)
  return toBlock(bits === undefined ? address : `${address}/${bits}`, family)?.dst
}

function toMark(entry: JsonObject): RoutingRule['fwmark'] {
  const [value, mask] = [integer(member(entry, 'fwmark')), integer(member(entry, 'fwmask'))]
  return value === undefined ? undefined : { value, mask: mask ?? 0xffffffff }
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isInteger(number) ? number : undefined
}

type Action = Pick<RoutingRule, 'action' | 'table' | 'target' | 'suppressPrefixLength'>

function toAction(entry: JsonObject): Action {
  const named = stringAt(entry, 'action')
  const table = stringAt(entry, 'table')
  if (named === 'unreachable' || named === 'prohibit' || named === 'blackhole') return { action: named }
  if (Object.hasOwn(entry, 'goto')) return defined({ action: 'goto', target: integer(member(entry, 'goto')) })
  if (table === undefined && !Object.hasOwn(entry, 'l3mdev')) return { action: 'nop' }
  return defined({
    action: 'lookup',
    table,
    suppressPrefixLength: integer(
      member(entry, 'suppress_prefixlength') ?? member(entry, 'suppress_prefixlen'),
    ),
  })
}

function strings(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string')
}
