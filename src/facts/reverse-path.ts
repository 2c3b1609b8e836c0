/** Reverse path filtering: where answers to what comes in would leave another way. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { type FileSource, file } from '../model/source.ts'
import { wayOf } from '../net/fib.ts'
import { containerIn } from './bip.ts'
import { engineBridges, isEngineInterface } from './engine-bridges.ts'
import { interfaces, routes, routingRules } from './network.ts'
import { OUTSIDE, uplinks } from './uplinks.ts'

const path = (device: string): string => `/proc/sys/net/ipv4/conf/${device}/rp_filter`

/** The key of an interface's filter; a dot in its name is written as a slash. */
export const filterKey = (device: string): string => `net.ipv4.conf.${device.replaceAll('.', '/')}.rp_filter`

/** Interfaces of the host that something beyond their own network is reached through, the preferred uplink apart. */
const sideways: Fact<readonly string[]> = defineFact({
  name: 'sidewaysInterfaces',
  about: 'Interfaces that a gateway is reached through, without those of the preferred default route.',
  needs: { interfaces, routes, uplinks },
  parse: (_, { interfaces, routes, uplinks }): readonly string[] => {
    const routed = new Set(
      routes.filter(({ type, gateway }) => type === 'unicast' && gateway).map(({ dev }) => dev),
    )
    const main = new Set(uplinks.map(({ name }) => name))
    return interfaces
      .filter(({ name, up }) => up && routed.has(name) && !main.has(name) && !isEngineInterface(name))
      .map(({ name }) => name)
  },
})

export interface StrictInterface {
  readonly name: string
  /** Where containers' answers to what comes in through it would leave. */
  readonly answersLeaveBy: string
  /** `all` where the setting for all interfaces is what makes it strict. */
  readonly setBy: string
}

const STRICT = 1

/**
 * The stricter of the interface's own setting and the one for all counts; 2 is loose. The kernel looks where it would send
 * the answer of whom the packet is for: once a published port has been translated, of the container.
 * @see https://www.kernel.org/doc/html/latest/networking/ip-sysctl.html
 */
export const strictInterfaces: Fact<readonly StrictInterface[]> = defineFact({
  name: 'strictInterfaces',
  about:
    'Interfaces that drop packets for containers from outside, as the answers would leave by another one.',
  needs: { sideways, bridges: engineBridges, routes, routingRules },
  reads: ({ sideways }): Record<string, OrAbsent<FileSource>> =>
    Object.fromEntries(
      (sideways.length > 0 ? ['all', ...sideways] : []).map((name) => [name, orAbsent(file(path(name)))]),
    ),
  reading: '/proc/sys/net/ipv4/conf/NAME/rp_filter of all interfaces that lead to a gateway',
  parse: (values, { sideways, bridges, routes, routingRules }): readonly StrictInterface[] => {
    const level = (name: string): number => Number(values[name]?.trim() ?? 0)
    const outward = bridges.find(({ device, network }) => device && !network.internal)
    const [subnet] = outward?.network.subnets ?? []
    const src = subnet ? containerIn(subnet.subnet, subnet.gateway) : ''
    const back = wayOf({ src, dst: OUTSIDE }, routingRules, routes)
    const by = back.kind === 'route' ? back.route.dev : undefined
    if (src === '' || by === undefined) return []
    return sideways
      .filter((name) => Math.max(level('all'), level(name)) === STRICT && name !== by)
      .map((name) => ({ name, answersLeaveBy: by, setBy: level(name) === STRICT ? name : 'all' }))
  },
})
