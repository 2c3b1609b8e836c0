/** Where the named container's target is: its address as far as it is known without asking anybody, and on which side of this host it lies. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import { contains, isLoopback, parseAddress } from '../net/cidr.ts'
import { addressesOf, type HostsEntry } from '../net/hosts-file.ts'
import type { NetInterface } from '../net/interface.ts'
import { innerHosts, innerNetwork } from './container-namespace.ts'
import { namedTarget } from './named-target.ts'
import { type NamedWay, namedWay } from './named-way.ts'
import { interfaces } from './network.ts'

/** In the container itself, on this host, in the container's own network, or beyond. */
export type Side = 'inside' | 'host' | 'network' | 'outside'

export interface TargetPlace {
  /** IPv4. */
  readonly address: string
  readonly port: number
  readonly side: Side
}

const LOCALHOST = 'localhost'

/** By itself, or by the container's own file, which programs ask before a name server; null where only a name server may know it. */
export function addressWithoutAsking(host: string, hosts: readonly HostsEntry[]): string | null {
  const isV4 = (address: string): boolean => parseAddress(address)?.family === 4
  if (isV4(host)) return host
  return addressesOf(hosts, host).find(isV4) ?? (host === LOCALHOST ? '127.0.0.1' : null)
}

/** @param links the host's own */
export function sideOf(address: string, way: NamedWay, links: readonly NetInterface[]): Side {
  if (isLoopback(address) || address === way.address) return 'inside'
  if (links.some(({ addresses }) => addresses.some((one) => one.address === address))) return 'host'
  const isNear = way.network?.subnets.some(({ subnet }) => contains(subnet, address)) ?? false
  return isNear ? 'network' : 'outside'
}

/** Null where no container is named, nobody is asked, or only a name server may know the address. */
export const targetPlace: Fact<TargetPlace | null> = defineFact({
  name: 'targetPlace',
  about: "The target's address as the named container knows it without asking, and where it lies.",
  needs: {
    way: namedWay,
    target: namedTarget,
    hosts: maybe(innerHosts),
    interfaces: maybe(interfaces),
  },
  parse: (_, { way, target, hosts, interfaces }): TargetPlace | null => {
    if (!way || !target) return null
    const address = addressWithoutAsking(target.host, hosts.known ? hosts.value : [])
    if (address === null) return null
    return {
      address,
      port: target.port,
      side: sideOf(address, way, interfaces.known ? interfaces.value : []),
    }
  },
})

/** The internal network that the named container is in, where nothing else leads it out. */
export const closedNetwork: Fact<string | null> = defineFact({
  name: 'closedNetwork',
  about:
    'The name of the internal network that is all that the named container has; null where it has a way out.',
  needs: { way: namedWay, inner: maybe(innerNetwork) },
  parse: (_, { way, inner }) => {
    if (!way?.network?.internal) return null
    // Some engines give it a default route all the same: to nowhere.
    const gateway = (inner.known && inner.value?.gateway) || null
    const isOwn = way.network.subnets.some(({ subnet }) => gateway !== null && contains(subnet, gateway))
    return gateway === null || isOwn ? way.network.name : null
  },
})
