import type { Family } from './cidr.ts'

/** A route, as `ip route show table all` tells. */
export interface Route {
  readonly family: Family
  /** A block in CIDR notation; the default route is `0.0.0.0/0` or `::/0`. */
  readonly dst: string
  /** `unicast`, `local`, `broadcast`, `multicast`, `unreachable`, `blackhole`, `prohibit`, `throw`, … */
  readonly type: string
  /** `main`, `local`, `default`, or a table's number or name. */
  readonly table: string
  readonly gateway?: string
  readonly dev?: string
  /** Lower wins. Absent means 0 for IPv4, 1024 for IPv6. */
  readonly metric?: number
  readonly prefsrc?: string
  readonly scope?: string
  readonly protocol?: string
  /** `linkdown`, `dead`, `onlink`, … */
  readonly flags: readonly string[]
  /** Bytes; absent unless the route sets one. */
  readonly mtu?: number
  /** More than one way: then `gateway` and `dev` are those of the first. */
  readonly nexthops: readonly NextHop[]
}

export interface NextHop {
  readonly gateway?: string
  readonly dev?: string
  readonly weight?: number
}

/** A rule of policy routing, as `ip rule` tells. Selectors that are absent match everything. */
export interface RoutingRule {
  readonly family: Family
  /** Rules are tried from the lowest number up. */
  readonly priority: number
  /** The rule applies when the selectors do not match. */
  readonly not: boolean
  readonly from?: string
  readonly to?: string
  readonly iif?: string
  readonly oif?: string
  readonly fwmark?: { readonly value: number; readonly mask: number }
  readonly protocol?: string
  /** Selectors that are not read in detail (`uidrange 1000-2000`, `dport 80`, `tos 0x10`), as printed. */
  readonly other: readonly string[]
  /** What happens on a match; `lookup` continues with the next rule when the table has no route. */
  readonly action: 'lookup' | 'unreachable' | 'prohibit' | 'blackhole' | 'goto' | 'nop'
  /** With `lookup`. */
  readonly table?: string
  /** With `goto`: the priority to go on with. */
  readonly target?: number
  /** With `lookup`: routes of this prefix length or shorter are ignored (0: the default route). */
  readonly suppressPrefixLength?: number
}

export function isDefaultRoute(route: Route): boolean {
  return route.dst === '0.0.0.0/0' || route.dst === '::/0'
}

/** The default routes of table `main` that lead somewhere, the preferred one first. */
export function defaultRoutes(routes: readonly Route[], family: Family = 4): Route[] {
  return routes
    .filter((route) => isDefaultRoute(route) && route.family === family)
    .filter((route) => route.table === 'main' && route.type === 'unicast')
    .sort((a, b) => (a.metric ?? 0) - (b.metric ?? 0))
}
