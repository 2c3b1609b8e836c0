/** The engine's bridge networks, each with its interface on the host. */
import { defineFact, type Fact } from '../model/fact.ts'
import type { InterfaceAddress, NetInterface } from '../net/interface.ts'
import { type Container, containers, type EngineNetwork, networks } from './engine.ts'
import { interfaces } from './network.ts'

/** The default network's name, whatever its bridge is called. */
export const DEFAULT_NETWORK = 'bridge'

export interface EngineBridge {
  readonly network: EngineNetwork
  /** The interface's name: `docker0`, `br-0123456789ab`, … */
  readonly name: string
  /** null where the host has no such interface. */
  readonly device: NetInterface | null
  /** Its IPv4 addresses. */
  readonly addresses: readonly InterfaceAddress[]
  /** Interfaces that are in the bridge: one for each container, and others of the host. */
  readonly ports: readonly NetInterface[]
  /** Running containers with an address in the network. */
  readonly containers: readonly Container[]
}

const runs = ({ state }: Container): boolean => state === 'running' || state === 'paused'

/** Networks that a swarm knows are laid out only on the hosts that run a task in them. */
export const engineBridges: Fact<readonly EngineBridge[]> = defineFact({
  name: 'engineBridges',
  about: "The running engine's bridge networks with their interfaces and containers; empty where none runs.",
  needs: { networks, interfaces, containers },
  parse: (_, { networks, interfaces, containers }): readonly EngineBridge[] =>
    networks
      .filter(({ driver, scope }) => driver === 'bridge' && scope !== 'swarm')
      .map((network) => {
        const device = interfaces.find(({ name }) => name === network.bridge) ?? null
        return {
          network,
          name: network.bridge,
          device,
          addresses: device?.addresses.filter(({ family }) => family === 4) ?? [],
          ports: interfaces.filter(({ master }) => master === network.bridge),
          containers: containers.filter((one) => runs(one) && one.addresses.get(network.name)),
        }
      }),
})

/** By name alone: what an engine makes, also one that is gone or may not be asked. */
export const isEngineInterface = (name: string): boolean =>
  /^(docker0|docker_gwbridge|br-[\da-f]{12}|veth[\da-f]{7})$/.test(name)
