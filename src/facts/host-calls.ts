/** Services of the host itself that containers are told to use. */
import { defineFact, type Fact, type OrAbsent, orAbsent } from '../model/fact.ts'
import { sourceKey, type UnixHttpSource } from '../model/source.ts'
import { daemonSettings } from './daemon-config.ts'
import {
  type Container,
  containers,
  ENGINE_SOCKET,
  type EngineNetwork,
  inspection,
  networks,
} from './engine.ts'
import { DEFAULT_NETWORK } from './engine-bridges.ts'
import { jsonOf, listOf, recordOf, textOf, textsOf } from './json.ts'
import { interfaces } from './network.ts'

export interface HostCall {
  readonly container: string
  /** The bridge that its packets come in by. */
  readonly bridge: string
  readonly src: string
  /** The host's address. */
  readonly dst: string
  readonly port: number
  /** The variable that tells it, e.g. `OLLAMA_BASE_URL`. */
  readonly variable: string
}

/** Each costs a request. */
const AT_MOST = 40

/** Of a variable's value only this much is kept when it is read: `***host.docker.internal:11434***`. */
const ADDRESS = /^([^=]+)=.*?(host\.docker\.internal|(?:\d{1,3}\.){3}\d{1,3}):(\d{1,5})(?!\d)/

export interface AddressVariable {
  readonly name: string
  readonly host: string
  readonly port: number
}

/** Variables that hold the address of a host with a port. Never throws. */
export function parseAddressVariables(variables: readonly string[]): AddressVariable[] {
  return variables.flatMap((text) => {
    const [, name = '', host = '', digits] = ADDRESS.exec(text) ?? []
    const port = Number(digits)
    return port > 0 && port < 65_536 ? [{ name, host, port }] : []
  })
}

/** `host.docker.internal:host-gateway`: the engine writes the default bridge's own address for it. @see https://docs.docker.com/reference/cli/docker/container/run/#add-host */
function knownHosts(extraHosts: readonly string[], gateway: string): ReadonlyMap<string, string> {
  return new Map(
    extraHosts.map((line) => {
      const [, name = '', address = ''] = /^([^:=]+)[:=](.+)$/.exec(line) ?? []
      return [name, address === 'host-gateway' ? gateway : address]
    }),
  )
}

const attachment = (container: Container, networks: readonly EngineNetwork[]) =>
  networks
    .filter(({ driver, internal }) => driver === 'bridge' && !internal)
    .flatMap(({ name, bridge }) => {
      const src = container.addresses.get(name)
      return src ? [{ bridge, src }] : []
    })[0]

export const hostCalls: Fact<readonly HostCall[]> = defineFact({
  name: 'hostCalls',
  about: 'Addresses of this host, with a port, that running containers are given in their environment.',
  needs: { containers, networks, interfaces, settings: daemonSettings },
  reads: ({ containers, networks }): Record<string, OrAbsent<UnixHttpSource>> =>
    Object.fromEntries(
      containers
        .filter((one) => one.state === 'running' && attachment(one, networks))
        .slice(0, AT_MOST)
        .map(({ id }) => [id, orAbsent(inspection(id))]),
    ),
  reading: `GET unix://${ENGINE_SOCKET} /containers/ID/json of those that run`,
  parse: (answers, { containers, networks, interfaces, settings }): readonly HostCall[] => {
    // The host's outer address may be told for the sake of browsers, or of itself; a bridge's own is for containers alone.
    const bridges = new Set(networks.map(({ bridge }) => bridge))
    const own = new Set(
      interfaces
        .filter(({ name }) => bridges.has(name))
        .flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    )
    const first = networks.find(({ name }) => name === DEFAULT_NETWORK)?.subnets[0]?.gateway ?? ''
    const gateway = textOf(settings.get('host-gateway-ip')) || first
    return containers.flatMap((container): HostCall[] => {
      const answer = answers[container.id]
      const at = attachment(container, networks)
      if (answer?.status !== 200 || !at) return []
      const json = recordOf(jsonOf(answer.body, sourceKey(inspection(container.id))))
      const names = knownHosts(textsOf(recordOf(json.HostConfig).ExtraHosts), gateway)
      const calls = parseAddressVariables(listOf(recordOf(json.Config).Env).map(textOf))
      return calls.flatMap(({ name: variable, host, port }): HostCall[] => {
        const dst = names.get(host) ?? host
        return own.has(dst) ? [{ container: container.name, ...at, dst, port, variable }] : []
      })
    })
  },
})
