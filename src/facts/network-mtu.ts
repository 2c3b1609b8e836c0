/** How large the packets are that the engine's networks send. */
import { defineFact, type Fact } from '../model/fact.ts'
import { daemonSettings } from './daemon-config.ts'
import { type EngineNetwork, networks } from './engine.ts'
import { DEFAULT_NETWORK } from './engine-bridges.ts'
import { engineRuns } from './engine-running.ts'
import { numberOf } from './json.ts'

export interface NetworkMtu {
  readonly network: string
  readonly driver: string
  /** Bytes in a packet as it leaves the host, what an overlay wraps around it included. */
  readonly mtu: number
}

/** @see https://docs.docker.com/engine/network/drivers/bridge/#options */
const OPTION = 'com.docker.network.driver.mtu'
const DEFAULT_MTU = 1500
/** VXLAN wraps 50 bytes around each packet; the engine's default leaves room for them. @see https://datatracker.ietf.org/doc/html/rfc7348#section-5 */
const OVERLAY_MTU = 1450
const VXLAN = 50

function sizeOf({ name, driver, options }: EngineNetwork): NetworkMtu {
  const set = Number(options[OPTION]) || null
  const mtu = driver === 'overlay' ? (set ?? OVERLAY_MTU) + VXLAN : (set ?? DEFAULT_MTU)
  return { network: name, driver, mtu }
}

/** Bytes that the settings give the default network: the engine's own default where they say nothing. */
export const configuredMtu: Fact<number> = defineFact({
  name: 'configuredMtu',
  about: 'The packet size that the settings give the default network, in bytes.',
  needs: { settings: daemonSettings },
  parse: (_, { settings }) => {
    const set = settings.get('mtu')
    return numberOf(typeof set === 'string' ? Number(set) : set) || DEFAULT_MTU
  },
})

/** Networks whose packets leave the host. The device of a bridge tells nothing: it takes its MTU from its ports. */
export const networkMtus: Fact<readonly NetworkMtu[]> = defineFact({
  name: 'networkMtus',
  about:
    'The packet size of each network that leads out, in bytes; before the engine runs, of the one it will make.',
  needs: { networks, engineRuns, configured: configuredMtu },
  parse: (_, { networks, engineRuns, configured }): readonly NetworkMtu[] =>
    engineRuns
      ? networks.filter(({ driver, internal }) => /^(bridge|overlay)$/.test(driver) && !internal).map(sizeOf)
      : [{ network: DEFAULT_NETWORK, driver: 'bridge', mtu: configured }],
})
