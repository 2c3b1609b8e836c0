/** The interfaces through which the host reaches the world. */
import { defineFact, type Fact } from '../model/fact.ts'
import { defaultRoutes, type Route } from '../net/route.ts'
import { interfaces, routes } from './network.ts'

export interface Uplink {
  readonly name: string
  /** Bytes that fit into one packet: of the interface, or of the route where that says less; null where neither says. */
  readonly mtu: number | null
}

/** What a VPN lays over the default route without replacing it. */
const HALVES: readonly string[] = ['0.0.0.0/1', '128.0.0.0/1']

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

const devicesOf = ({ dev, nexthops }: Route): string[] =>
  [dev, ...nexthops.map((hop) => hop.dev)].filter((name) => name !== undefined)

/** Empty where the host has no default route. */
export const uplinks: Fact<readonly Uplink[]> = defineFact({
  name: 'uplinks',
  about: 'The interfaces of the preferred IPv4 default route, with the bytes that fit into a packet.',
  needs: { routes, interfaces },
  parse: (_, { routes, interfaces }): readonly Uplink[] => {
    const out = leadingOut(routes)
    return [...new Set(out.flatMap(devicesOf))].map((name) => {
      const own = interfaces.find((one) => one.name === name)?.mtu
      const told = out.filter((route) => devicesOf(route).includes(name)).map((route) => route.mtu)
      const sizes = [own, ...told].filter((size) => size !== undefined)
      return { name, mtu: sizes.length > 0 ? Math.min(...sizes) : null }
    })
  },
})
