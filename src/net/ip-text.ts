import { type Family, networkOf, parseAddress } from './cidr.ts'
import type { InterfaceAddress, InterfaceLink, NetInterface } from './interface.ts'
import { toBlock } from './ip-block.ts'
import { defined } from './record.ts'
import type { NextHop, Route, RoutingRule } from './route.ts'

// What `ip -d link` may name as a kind, first on its line of details.
// biome-ignore format: one list, not a page
const KINDS = new Set([
  'bond', 'bridge', 'dummy', 'geneve', 'gre', 'gretap', 'ifb', 'ip6gre', 'ip6tnl', 'ipip', 'ipvlan', 'ipvtap', 'macsec',
  'macvlan', 'macvtap', 'sit', 'team', 'tun', 'veth', 'vlan', 'vrf', 'vti', 'vxlan', 'wireguard', 'xfrm',
])

/**
 * Reads `ip addr`, `ip link` and `ip -d link` of versions without JSON output. Never throws: lines of no known form
 * are skipped. The one-line form (`-o`) is read too.
 */
export function parseIpInterfacesText(text: string): NetInterface[] {
  const interfaces = new Map<string, NetInterface>()
  let current: string | undefined
  for (const line of text.replace(/\\ +/g, '\n    ').split(/\r?\n/)) {
    const head = toInterface(line)
    current = head?.name ?? current
    const before = current === undefined ? undefined : interfaces.get(current)
    if (head !== undefined) interfaces.set(head.name, { ...head, ...before })
    else if (before !== undefined) interfaces.set(before.name, withDetail(before, line))
  }
  return [...interfaces.values()]
}

/**
 * Reads `ip route`, with or without `show table all`; `family` is that of the command, for `default` alone does not
 * tell. Never throws: lines of no known form are skipped.
 */
export function parseIpRoutesText(text: string, family: Family = 4): Route[] {
  const routes: Route[] = []
  for (const line of text.replace(/\\\t?\s*nexthop/g, '\n\tnexthop').split(/\r?\n/)) {
    const hop = toNextHop(line)
    const last = routes.at(-1)
    if (hop !== undefined && last !== undefined) routes[routes.length - 1] = withHop(last, hop)
    else routes.push(...toRoute(line, family))
  }
  return routes
}

/** Reads `ip rule`; `family` is that of the command. Never throws: lines of no known form are skipped. */
export function parseIpRulesText(text: string, family: Family = 4): RoutingRule[] {
  return text.split(/\r?\n/).flatMap((line) => toRule(line, family))
}

const HEAD = /^(\d+): ([^\s@:\\]+)(?:@([^\s:]+))?(?::\s+<([^>]*)>(.*)|\s+(inet6? .*))$/

function toInterface(line: string): NetInterface | undefined {
  const [, index, name, link, flagText = '', rest = '', address] = HEAD.exec(line) ?? []
  if (name === undefined) return undefined
  const flags = flagText.split(',').filter((flag) => flag !== '')
  const words = pairs(rest.trim().split(/\s+/))
  const mtu = words.get('mtu')
  const bare = defined({
    name,
    index: Number(index),
    flags,
    up: flags.includes('UP'),
    carrier: flags.includes('LOWER_UP'),
    state: words.get('state'),
    mtu: mtu === undefined ? undefined : Number(mtu),
    addresses: [],
    master: words.get('master'),
    link: toLink(link),
  })
  return address === undefined ? bare : withDetail(bare, `    ${address}`)
}

function toLink(text: string | undefined): InterfaceLink | undefined {
  if (text === undefined || text === 'NONE') return undefined
  const [, index] = /^if(\d+)$/.exec(text) ?? []
  return index === undefined ? { name: text } : { index: Number(index) }
}

function withDetail(entry: NetInterface, line: string): NetInterface {
  const words = line.trim().split(/\s+/)
  const [first = '', second] = words
  if (first.startsWith('link/') && second !== undefined)
    return { ...entry, ...macAndLink(entry, second, words) }
  const address = first === 'inet' || first === 'inet6' ? toAddress(words) : undefined
  if (address !== undefined) return { ...entry, addresses: [...entry.addresses, address] }
  if (KINDS.has(first) && entry.kind === undefined && /^ {4}\S/.test(line)) return { ...entry, kind: first }
  return entry
}

function macAndLink(
  entry: NetInterface,
  mac: string,
  words: readonly string[],
): Pick<NetInterface, 'mac' | 'link'> {
  const netnsId = pairs(words).get('link-netnsid')
  const link = netnsId === undefined ? undefined : { ...entry.link, netnsId: Number(netnsId) }
  return defined({ mac: /^[\da-f]{2}(:[\da-f]{2})+$/i.test(mac) ? mac : undefined, link })
}

// `inet 10.8.0.1 peer 10.8.0.2/32 scope global tun0`: the prefix length is the peer's.
function toAddress(words: readonly string[]): InterfaceAddress | undefined {
  const [local = '', ownPrefix] = (words[1] ?? '').split('/')
  const values = pairs(words)
  const [peer, peerPrefix] = (values.get('peer') ?? '').split('/')
  const family = parseAddress(local)?.family
  if (family === undefined) return undefined
  const prefix = Number(ownPrefix ?? peerPrefix ?? (family === 4 ? 32 : 128))
  const network = networkOf(local, prefix)
  if (network === undefined) return undefined
  return defined({
    family,
    address: local,
    prefix,
    network,
    scope: values.get('scope'),
    peer: peer || undefined,
  })
}

// biome-ignore format: one list, not a page
const TYPES = new Set([
  'unicast', 'local', 'broadcast', 'multicast', 'throw', 'unreachable', 'prohibit', 'blackhole', 'nat', 'anycast',
])
const ROUTE_FLAGS = ['linkdown', 'dead', 'onlink', 'pervasive', 'offload', 'notify', 'unresolved']

function toRoute(line: string, family: Family): Route[] {
  const words = line.trim().split(/\s+/)
  const type = TYPES.has(words[0] ?? '') ? (words.shift() ?? '') : 'unicast'
  const [dst = '', ...rest] = words
  const values = pairs(rest)
  const gateway = gatewayOf(rest)
  const hint = parseAddress(gateway ?? values.get('src') ?? '')?.family
  const block = toBlock(dst, hint ?? (values.has('pref') ? 6 : family))
  if (block === undefined) return []
  return [
    defined({
      ...block,
      type,
      table: values.get('table') ?? 'main',
      gateway,
      dev: values.get('dev'),
      metric: numeric(values.get('metric')),
      prefsrc: values.get('src'),
      scope: values.get('scope'),
      protocol: values.get('proto'),
      flags: ROUTE_FLAGS.filter((flag) => rest.includes(flag)),
      mtu: numeric(values.get('mtu')),
      nexthops: [],
    }),
  ]
}

function toNextHop(line: string): NextHop | undefined {
  const words = line.trim().split(/\s+/)
  if (words[0] !== 'nexthop') return undefined
  const values = pairs(words.slice(1))
  return defined({ gateway: gatewayOf(words), dev: values.get('dev'), weight: numeric(values.get('weight')) })
}

function withHop(route: Route, hop: NextHop): Route {
  return defined({
    ...route,
    gateway: route.gateway ?? hop.gateway,
    dev: route.dev ?? hop.dev,
    nexthops: [...route.nexthops, hop],
  })
}

// `via 10.0.0.1`, or `via inet6 fe80::1` for a gateway of the other family.
function gatewayOf(words: readonly string[]): string | undefined {
  const at = words.indexOf('via')
  if (at === -1) return undefined
  return words[at + 1] === 'inet6' || words[at + 1] === 'inet' ? words[at + 2] : words[at + 1]
}

const RULE = /^(\d+):\s+(not )?(.*)$/
const RULE_ACTIONS = ['unreachable', 'prohibit', 'blackhole', 'nop'] as const
const RULE_OTHER = ['tos', 'dsfield', 'tun_id', 'uidrange', 'sport', 'dport']

function toRule(line: string, family: Family): RoutingRule[] {
  const [, priority, not, text = ''] = RULE.exec(line) ?? []
  if (priority === undefined) return []
  const words = text.trim().split(/\s+/)
  const values = pairs(words)
  return [
    defined({
      family,
      priority: Number(priority),
      not: not !== undefined,
      from: selector(values.get('from'), family),
      to: selector(values.get('to'), family),
      iif: values.get('iif'),
      oif: values.get('oif'),
      fwmark: toMark(values.get('fwmark')),
      protocol: values.get('ipproto'),
      other: RULE_OTHER.filter((key) => values.has(key)).map((key) => `${key} ${values.get(key)}`),
      ...toAction(words, values),
    }),
  ]
}

function selector(text: string | undefined, family: Family): string | undefined {
  return text === undefined || text === 'all' ? undefined : toBlock(text, family)?.dst
}

function toMark(text: string | undefined): RoutingRule['fwmark'] {
  const [value, mask = '0xffffffff'] = (text ?? '').split('/')
  const numbers = { value: Number(value || Number.NaN), mask: Number(mask) }
  return Number.isInteger(numbers.value) && Number.isInteger(numbers.mask) ? numbers : undefined
}

function toAction(
  words: readonly string[],
  values: ReadonlyMap<string, string>,
): Pick<RoutingRule, 'action' | 'table' | 'target' | 'suppressPrefixLength'> {
  const named = RULE_ACTIONS.find((action) => words.includes(action))
  const table = values.get('lookup') ?? values.get('table')
  if (named !== undefined) return { action: named }
  if (values.has('goto')) return defined({ action: 'goto', target: numeric(values.get('goto')) })
  if (table === undefined && !words.includes('[l3mdev-table]')) return { action: 'nop' }
  return defined({
    action: 'lookup',
    table,
    suppressPrefixLength: numeric(values.get('suppress_prefixlength')),
  })
}

/** Each word with the one after it: `dev eth0 metric 100` has dev → eth0, eth0 → metric, metric → 100. */
function pairs(words: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  words.forEach((word, index) => {
    const next = words[index + 1]
    if (next !== undefined && !found.has(word)) found.set(word, next)
  })
  return found
}

function numeric(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}
