/** The interfaces through which the host reaches the world. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { wayOf } from '../net/fib.ts'
import { defaultRoutes, type Route, type RoutingRule } from '../net/route.ts'
import { interfaces, routes, routingRules } from './network.ts'

export interface Uplink {
  readonly name: string
  /** Bytes that fit into one packet: of the interface, or of the route where that says less; null where neither says. */
  readonly mtu: number | null
}

/** What a VPN lays over the default route without replacing it: like it, no network of its own. */
export const HALVES: readonly string[] = ['0.0.0.0/1', '128.0.0.0/1']

/** Without the null route that some VPN clients set for one half. */
const isHalf = ({ dst, table, type }: Route): boolean =>
  HALVES.includes(dst) && table === 'main' && type === 'unicast'

/** The preferred default route, or the two halves that hide it; several where they are equally good. */
function leadingOut(routes: readonly Route[]): readonly Route[] {
  const halves = routes.filter(isHalf)
  if (HALVES.every((half) => halves.some(({ dst }) => dst === half))) return halves
  const all = defaultRoutes(routes)
  const best = all[0]?.metric ?? 0
  return all.filter(({ metric }) => (metric ?? 0) === best)
}

/** Nobody's address (RFC 5737): only what leads everywhere leads there. */
export const OUTSIDE = '198.51.100.77'

/** VPN clients such as wg-quick leave the default route alone, and lead past it by a policy rule and a table of their own. */
function overruling(rules: readonly RoutingRule[], routes: readonly Route[]): readonly Route[] {
  const way = wayOf({ src: '0.0.0.0', dst: OUTSIDE }, rules, routes)
  return way.kind === 'route' && way.rule.table !== 'main' ? [way.route] : []
}

const devicesOf = ({ dev, nexthops }: Route): string[] =>
  [dev, ...nexthops.map((hop) => hop.dev)].filter((name) => name !== undefined)

/** Empty where the host has no default route. */
export const uplinks: Fact<readonly Uplink[]> = defineFact({
  name: 'uplinks',
  about: 'The interfaces that IPv4 packets to the world leave by, with the bytes that fit into one.',
  needs: { routes, interfaces, rules: maybe(routingRules) },
  parse: (_, { routes, interfaces, rules }): readonly Uplink[] => {
    const out = [...(rules.known ? overruling(rules.value, routes) : []), ...leadingOut(routes)]
    return [...new Set(out.flatMap(devicesOf))].map((name) => {
      const own = interfaces.find((one) => one.name === name)?.mtu
      const told = out.filter((route) => devicesOf(route).includes(name)).map((route) => route.mtu)
      const sizes = [own, ...told].filter((size) => size !== undefined)
      return { name, mtu: sizes.length > 0 ? Math.min(...sizes) : null }
    })
  },
})
