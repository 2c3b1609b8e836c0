/** This host's part in a swarm, as the engine tells it. */
import { defineFact, type Fact } from '../model/fact.ts'
import { type EngineNetwork, networks, runningEngine } from './engine.ts'
import { listOf, numberOf, recordOf, textOf } from './json.ts'

/** What `docker swarm init` takes unless it is told `--data-path-port`. @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts */
const DATA_PORT = 4789

export interface Swarm {
  readonly active: boolean
  readonly manager: boolean
  /** The address that the other nodes use for this one; empty where it is in no swarm. */
  readonly address: string
  /** Of the traffic between containers on different nodes, over UDP. */
  readonly dataPort: number
  /** Addresses of the other managers, as far as this node knows them. */
  readonly managers: readonly string[]
  /** Certainly no other node has joined yet. */
  readonly alone: boolean
  /** An overlay network is encrypted, and needs ESP. */
  readonly encrypted: boolean
}

const isEncrypted = ({ driver, options }: EngineNetwork): boolean =>
  driver === 'overlay' && 'encrypted' in options

export const swarm: Fact<Swarm | null> = defineFact({
  name: 'swarm',
  about: "This host's part in a swarm; null where no engine runs.",
  needs: { engine: runningEngine, networks },
  parse: (_, { engine, networks }): Swarm | null => {
    if (!engine) return null
    const told = recordOf(engine.info.raw.Swarm)
    const address = textOf(told.NodeAddr)
    const manager = told.ControlAvailable === true
    const remote = listOf(told.RemoteManagers).map((one) => textOf(recordOf(one).Addr).replace(/:\d+$/, ''))
    return {
      active: textOf(told.LocalNodeState) === 'active',
      manager,
      address,
      // Only a manager is told of the cluster; 0 stands for the default.
      dataPort: numberOf(recordOf(told.Cluster).DataPathPort) || DATA_PORT,
      managers: remote.filter((one) => one !== '' && one !== address),
      alone: manager && numberOf(told.Nodes) === 1,
      encrypted: networks.some(isEncrypted),
    }
  },
})
