/** Which way packets of containers take through the host's routing. */
import { defineFact, type Fact } from '../model/fact.ts'
import { contains, parseCidr } from '../net/cidr.ts'
import { type Way, wayOf } from '../net/fib.ts'
import { containerIn } from './bip.ts'
import { type EngineBridge, engineBridges } from './engine-bridges.ts'
import { routes, routingRules } from './network.ts'
import { uplinks } from './uplinks.ts'

/** An address of nobody's (RFC 5737), that only a default route leads to. */
const OUTSIDE = ['198.51.100.77', '203.0.113.77', '192.0.2.77']

export interface ContainerWays {
  readonly bridge: EngineBridge
  readonly subnet: string
  /** Of what a container sends to the outside. */
  readonly out: Way
  /** Of the answers. */
  readonly back: Way
  /** Of what the host itself sends to the outside. */
  readonly host: Way
}

/** For each subnet of the engine's bridges that leads out; empty where no engine runs, or the host has no way out. */
export const containerWays: Fact<readonly ContainerWays[]> = defineFact({
  name: 'containerWays',
  about: "The routes and policy rules that decide over containers' packets, out and back.",
  needs: { bridges: engineBridges, routes, routingRules, uplinks },
  parse: (_, { bridges, routes, routingRules, uplinks }): readonly ContainerWays[] => {
    const outside = OUTSIDE.find(
      (address) =>
        !routes.some(({ dst, table }) => table === 'main' && !/\/[01]$/.test(dst) && contains(dst, address)),
    )
    const uplink = uplinks[0]?.name
    if (outside === undefined || uplink === undefined) return []
    const way = (src: string, dst: string, iif?: string): Way =>
      wayOf({ src, dst, ...(iif ? { iif } : {}) }, routingRules, routes)
    return bridges
      .filter(({ device, network }) => device?.up && !network.internal)
      .flatMap((bridge) =>
        bridge.network.subnets
          .filter(({ subnet }) => parseCidr(subnet)?.family === 4)
          .map(({ subnet, gateway }) => {
            const container = containerIn(subnet, gateway)
            return {
              bridge,
              subnet,
              out: way(container, outside, bridge.name),
              back: way(outside, container, uplink),
              host: way('0.0.0.0', outside),
            }
          }),
      )
  },
})
