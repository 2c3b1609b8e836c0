/** The engine's bridge networks, as the packet filter has to treat them. */
import { defineFact, type Fact, maybe } from '../model/fact.ts'
import type { DockerBridge } from '../net/docker-rules.ts'
import { daemonSettings } from './daemon-config.ts'
import { networks } from './engine.ts'
import { uplinks } from './uplinks.ts'

/** Networks of the bridge driver that have subnets. */
export const dockerBridges: Fact<readonly DockerBridge[]> = defineFact({
  name: 'dockerBridges',
  about: "The engine's bridge networks: interface, subnets, whether they have a way out and are translated.",
  needs: { networks, settings: daemonSettings },
  parse: (_, { networks, settings }) =>
    networks
      .filter(({ driver, scope, subnets }) => driver === 'bridge' && scope !== 'swarm' && subnets.length > 0)
      .map(({ name, bridge, subnets, internal, options }): DockerBridge => {
        const unmasked = name === 'bridge' && settings.get('ip-masq') === false
        const routed = options['com.docker.network.bridge.gateway_mode_ipv4'] === 'routed'
        const masquerade =
          !unmasked && !routed && options['com.docker.network.bridge.enable_ip_masquerade'] !== 'false'
        return { name: bridge, subnets: subnets.map(({ subnet }) => subnet), internal, masquerade }
      }),
})

/** The interface by which packets leave the host; null without a default route. */
export const uplink: Fact<string | null> = defineFact({
  name: 'uplink',
  about: 'The interface of the default route; null where there is none.',
  needs: { uplinks: maybe(uplinks) },
  parse: (_, { uplinks }) => (uplinks.known ? (uplinks.value[0]?.name ?? null) : null),
})
