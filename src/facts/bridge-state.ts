/** In what state the engine's bridges are. */
import { contains, parseCidr } from '../net/cidr.ts'
import type { NetInterface } from '../net/interface.ts'
import type { EngineSubnet } from './engine.ts'
import type { EngineBridge } from './engine-bridges.ts'

export type BridgeState =
  | { readonly state: 'sound' | 'missing' | 'notABridge' | 'down' }
  /** `wanted` in CIDR notation: what the engine's network says its gateway is. */
  | { readonly state: 'noAddress'; readonly wanted: string }
  | { readonly state: 'otherAddress'; readonly wanted: string; readonly has: string }

const isV4 = ({ subnet }: EngineSubnet): boolean => parseCidr(subnet)?.family === 4

/** Networks may ask for a bridge without an address of the host's. @see https://docs.docker.com/engine/network/drivers/bridge/#options */
const withoutAddress = ({ network: { options } }: EngineBridge): boolean =>
  options['com.docker.network.bridge.inhibit_ipv4'] === 'true' ||
  options['com.docker.network.bridge.gateway_mode_ipv4'] === 'isolated'

/** A bridge without carrier is sound: it has none until a container runs. */
export function stateOf(bridge: EngineBridge): BridgeState {
  const { device, addresses, network } = bridge
  if (!device) return { state: 'missing' }
  if (device.kind !== undefined && device.kind !== 'bridge') return { state: 'notABridge' }
  const subnet = network.subnets.find((one) => isV4(one) && one.gateway !== '')
  if (subnet && !withoutAddress(bridge)) {
    const wanted = `${subnet.gateway.split('/')[0]}/${parseCidr(subnet.subnet)?.prefix}`
    const [first] = addresses
    if (!first) return { state: 'noAddress', wanted }
    if (!addresses.some(({ address }) => `${wanted.split('/')[0]}` === address))
      return { state: 'otherAddress', wanted, has: `${first.address}/${first.prefix}` }
  }
  return { state: device.up ? 'sound' : 'down' }
}

/** Ends of containers' cables that hang in the air: named as the engine names them, and in no bridge. */
export const looseVeths = (interfaces: readonly NetInterface[]): readonly NetInterface[] =>
  interfaces.filter(({ name, master, up }) => /^veth[\da-f]{7}$/.test(name) && !master && up)

/** Fewer cables in the bridge than containers on its network. */
export const missingPorts = ({ ports, containers }: EngineBridge): number =>
  Math.max(0, containers.length - ports.length)

/** How many containers fit into a subnet: its range without the network's, the broadcast and the bridge's address. */
export function capacityOf({ subnet, gateway, range }: EngineSubnet): number {
  const whole = parseCidr(subnet)
  const part = parseCidr(range || subnet)
  if (!whole || !part || whole.family !== 4) return Number.POSITIVE_INFINITY
  const bounds = whole.prefix < 31 ? [whole.first, whole.last] : []
  const reserved = bounds.filter((address) => address >= part.first && address <= part.last).length
  const own = gateway && contains(range || subnet, gateway.split('/')[0] ?? '') ? 1 : 0
  return Number(part.last - part.first + 1n) - reserved - own
}

/** The subnets that have no address left for another container. */
export const fullSubnets = ({ network, containers }: EngineBridge): readonly EngineSubnet[] =>
  network.subnets.filter(isV4).filter((one) => {
    const inside = containers.filter((each) => contains(one.subnet, each.addresses.get(network.name) ?? ''))
    return inside.length >= capacityOf(one)
  })
