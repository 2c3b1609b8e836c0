/** Which blocks of addresses the host already uses, the engine's own apart. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { contains, firstFree, overlaps } from '../net/cidr.ts'
import { isDefaultRoute, type Route } from '../net/route.ts'
import { networks } from './engine.ts'
import { DEFAULT_NETWORK, engineBridges, isEngineInterface } from './engine-bridges.ts'
import { interfaces, resolvConf, routes } from './network.ts'
import { HALVES } from './uplinks.ts'

export interface UsedBlock {
  /** In CIDR notation. */
  readonly block: string
  readonly device: string
  /** `address`: the host itself is in it; `route`: it leads there; `resolver`: one address that names are asked of. */
  readonly by: 'address' | 'route' | 'resolver'
  /** Leads into a tunnel. */
  readonly tunnel: boolean
}

/** Loopback, link-local and multicast: never anybody's network. */
const NOBODYS = ['127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255/32']
const TUNNELS: ReadonlySet<string> = new Set(['tun', 'wireguard', 'ppp', 'gre', 'ipip', 'xfrm', 'vti', 'sit'])

const isTunnel = (device: string, kind: string | undefined): boolean =>
  TUNNELS.has(kind ?? '') || /^(tun|tap|wg|ppp|utun|tailscale|zt|nebula|ipsec)\w*$/.test(device)

const leadsSomewhere = (route: Route): boolean =>
  route.type === 'unicast' && route.table !== 'local' && !isDefaultRoute(route) && !HALVES.includes(route.dst)

/** What the host uses apart from the engine: its addresses' networks, its routes, its resolvers. */
export const usedBlocks: Fact<readonly UsedBlock[]> = defineFact({
  name: 'usedBlocks',
  about:
    "The IPv4 blocks of the host's interfaces, routes and resolvers, without those of the engine's own bridges.",
  needs: { interfaces, routes, resolvConf: maybe(resolvConf), bridges: maybe(engineBridges) },
  parse: (_, { interfaces, routes, resolvConf, bridges }): readonly UsedBlock[] => {
    const own = new Set(bridges.known ? bridges.value.map(({ name }) => name) : [])
    const kinds = new Map(interfaces.map(({ name, kind }) => [name, kind]))
    const used = (block: string, device: string, by: UsedBlock['by']): UsedBlock[] =>
      own.has(device) || isEngineInterface(device) || NOBODYS.some((range) => overlaps(range, block))
        ? []
        : [{ block, device, by, tunnel: isTunnel(device, kinds.get(device)) }]
    const addresses = interfaces.flatMap(({ name, addresses }) =>
      addresses.filter(({ family }) => family === 4).flatMap(({ network }) => used(network, name, 'address')),
    )
    const routed = routes
      .filter(leadsSomewhere)
      .flatMap(({ dst, dev }) => used(dst, dev ?? 'several interfaces', 'route'))
      .filter(({ block, device }) => !addresses.some((one) => one.block === block && one.device === device))
    const servers = (resolvConf.known && resolvConf.value?.nameservers) || []
    const resolvers = servers
      .filter((server) => !server.includes(':'))
      .flatMap((server) => used(`${server}/32`, 'resolv.conf', 'resolver'))
    return [...addresses, ...routed, ...resolvers]
  },
})

/** Where Docker's own pools lie, then the rest; what clouds and offices use first comes last. */
const CANDIDATES = [
  '172.17.0.0/16',
  '172.18.0.0/15',
  '172.20.0.0/14',
  '172.24.0.0/13',
  '10.128.0.0/9',
  '192.168.0.0/16',
  '10.0.0.0/9',
]

/** A block for the default bridge that nothing uses: /16, or /24 where there is none; null where all is taken. */
export const freeBlock: Fact<string | null> = defineFact({
  name: 'freeBlock',
  about: 'A private block that neither the host nor another network of the engine uses.',
  needs: { used: usedBlocks, networks: maybe(networks) },
  parse: (_, { used, networks }) => {
    const others = (networks.known ? networks.value : []).filter(({ name }) => name !== DEFAULT_NETWORK)
    const taken = [
      ...used.map(({ block }) => block),
      ...others.flatMap((one) => one.subnets.map(({ subnet }) => subnet)),
    ]
    return firstFree(16, taken, CANDIDATES) ?? firstFree(24, taken, CANDIDATES) ?? null
  },
})

/** Whether a used block takes addresses of a subnet away, or only leads to a wider range around it. */
export function collides(subnet: string, { block, by }: UsedBlock): 'inUse' | 'wider' | null {
  if (!overlaps(subnet, block)) return null
  return by === 'route' && contains(block, subnet) && block !== subnet ? 'wider' : 'inUse'
}
