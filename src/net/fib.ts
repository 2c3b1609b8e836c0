/** Which way a packet takes: the policy rules in order, then the longest prefix of the table that they name. */
import { contains } from './cidr.ts'
import type { Route, RoutingRule } from './route.ts'

export interface Flow {
  readonly src: string
  readonly dst: string
  /** The interface that it comes in through; absent for what the host itself sends. */
  readonly iif?: string
}

export type Way =
  | { readonly kind: 'route'; readonly route: Route; readonly rule: RoutingRule }
  /** A rule, or a route of the table that it names, throws the packet away. */
  | { readonly kind: 'refused'; readonly rule: RoutingRule; readonly how: string }
  | { readonly kind: 'none' }

const REFUSALS: ReadonlySet<string> = new Set(['unreachable', 'prohibit', 'blackhole'])

const prefixOf = ({ dst }: Route): number => Number(dst.split('/')[1] ?? 32)

/** For a packet without a mark. A rule with a selector that is not understood is taken not to match. */
function matches(rule: RoutingRule, { src, dst, iif }: Flow): boolean {
  if (rule.other.length > 0 || rule.oif !== undefined || rule.protocol !== undefined) return false
  const meets =
    (rule.from === undefined || contains(rule.from, src)) &&
    (rule.to === undefined || contains(rule.to, dst)) &&
    (rule.iif === undefined || rule.iif === (iif ?? 'lo')) &&
    (rule.fwmark === undefined || rule.fwmark.value === 0)
  return meets !== rule.not
}

/** The longest prefix wins, then the lowest metric. */
function best(routes: readonly Route[], table: string, dst: string): Route | undefined {
  return routes
    .filter((route) => route.table === table && !route.flags.includes('dead') && contains(route.dst, dst))
    .sort((a, b) => prefixOf(b) - prefixOf(a) || (a.metric ?? 0) - (b.metric ?? 0))[0]
}

/** @see https://man7.org/linux/man-pages/man8/ip-rule.8.html */
export function wayOf(flow: Flow, rules: readonly RoutingRule[], routes: readonly Route[]): Way {
  const ordered = [...rules].sort((a, b) => a.priority - b.priority)
  let skipTo = 0
  for (const rule of ordered) {
    if (rule.priority < skipTo || !matches(rule, flow)) continue
    if (REFUSALS.has(rule.action)) return { kind: 'refused', rule, how: rule.action }
    if (rule.action === 'goto') skipTo = rule.target ?? 0
    const route = rule.action === 'lookup' ? best(routes, rule.table ?? 'main', flow.dst) : undefined
    if (!route || route.type === 'throw') continue
    if (rule.suppressPrefixLength !== undefined && prefixOf(route) <= rule.suppressPrefixLength) continue
    if (REFUSALS.has(route.type)) return { kind: 'refused', rule, how: route.type }
    return { kind: 'route', route, rule }
  }
  return { kind: 'none' }
}

/** A rule as `ip rule` takes it: `from 172.16.0.0/12 lookup 100 priority 100`. */
export function ruleText({ priority, not, from, to, iif, action, table }: RoutingRule): string {
  const words = [
    ...(not ? ['not'] : []),
    `from ${from ?? 'all'}`,
    ...(to ? [`to ${to}`] : []),
    ...(iif ? [`iif ${iif}`] : []),
    action === 'lookup' ? `lookup ${table}` : action,
    `priority ${priority}`,
  ]
  return words.join(' ')
}
