import { NETWORK_LOST } from '../../src/diagnose/phenomena.ts'
import { stateOf } from '../../src/facts/bridge-state.ts'
import { type Cable, cables, innerNetwork } from '../../src/facts/container-namespace.ts'
import { networks } from '../../src/facts/engine.ts'
import { engineBridges } from '../../src/facts/engine-bridges.ts'
import { NO_CONTAINER, namedWay } from '../../src/facts/named-way.ts'
import { interfaces } from '../../src/facts/network.ts'
import { defineCheck, fail } from '../../src/model/check.ts'
import { maybe } from '../../src/model/fact.ts'
import { disruptive, fix, runCommand } from '../../src/model/fix.ts'
import { among } from '../../src/model/symptom.ts'
import { contains } from '../../src/net/cidr.ts'
import type { NetInterface } from '../../src/net/interface.ts'

export default defineCheck({
  id: 'container/attached',
  title: 'The container is plugged into its network',
  why: 'A container hangs on its bridge by one virtual cable: unplugged, or with another address, it is alone.',
  profiles: ['docker', 'swarm'],
  needs: {
    way: namedWay,
    cables: maybe(cables),
    inner: maybe(innerNetwork),
    bridges: engineBridges,
    networks,
    interfaces,
  },
  causedBy: ['container/running', 'network/docker-bridge', 'network/interface-managers'],
  symptoms: [among(NETWORK_LOST, 0.05)],
  findings: {
    noNetwork: fail('{name} has no network: nothing gets in or out'),
    bridgeGone: fail('the bridge {bridge} of the network {network}, which {name} hangs on, is gone'),
    cableGone: fail('the cable of {name} to {bridge} is gone: none of its interfaces leads to the host'),
    unplugged: fail('{interface}, the cable of {name}, is not plugged into {bridge} but into {other}'),
    down: fail('{interface}, the cable of {name}, is switched off'),
    downInside: fail('{interface} in {name} is switched off'),
    otherAddress: fail('the engine says that {name} has {wanted}; in it there is {has}'),
    noGateway: fail('{name} has no default route: its answers reach nobody outside {network}'),
    otherGateway: fail('{name} sends what leaves its network to {has}, and its bridge is {wanted}'),
    noCommonNetwork: fail(
      '{peer} is in the network {theirs}, which {name} is not in: the engine keeps them apart',
    ),
  },
  evaluate({ way, cables, inner, bridges, networks, interfaces }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    const { name, kind, network } = way
    if (kind === 'host') return report.skip(`${name} is on the network of the host`)
    if (kind === 'other')
      return report.skip(`driver ${network?.driver}: this host's bridges have no part in it`)
    const again = disruptive(
      `Start ${name} anew: the engine plugs it in`,
      runCommand(['docker', 'restart', name]),
    )
    if (!network)
      return report(
        'noNetwork',
        { name },
        fix(
          'Connect it to a network: docker network ls has their names',
          runCommand(['docker', 'network', 'connect', 'bridge', name]),
        ),
      )
    const bridge = bridges.find((one) => one.network.id === network.id)
    if (!bridge) return report.unknown(`network ${network.name}: its bridge is not known`)
    if (stateOf(bridge).state === 'missing')
      return report('bridgeGone', { bridge: bridge.name, network: network.name, name }, again)
    const theirs = networks.find(
      (one) =>
        one.driver === 'bridge' &&
        one.id !== network.id &&
        one.subnets.some(({ subnet }) => way.peer && contains(subnet, way.peer.address)),
    )
    if (theirs && way.peer && !way.isFromHere && !way.published)
      return report(
        'noCommonNetwork',
        { peer: way.peer.text, theirs: theirs.name, name },
        fix(
          `Connect ${name} to ${theirs.name}`,
          runCommand(['docker', 'network', 'connect', theirs.name, name], {
            unless: ['sh', '-c', 'docker inspect "$2" | grep -qF "\\"$1\\": {"', 'sh', theirs.name, name],
          }),
        ),
      )
    if (cables.known && cables.value) {
      const ends = cables.value.map((cable) => ({
        cable,
        end: interfaces.find(({ index }) => index === cable.hostIndex),
      }))
      const own = ends.find(({ end }) => end?.master === bridge.name)
      const loose = ends.find(({ end }) => end && !isPluggedElsewhere(end, bridges, bridge.name))
      if (!own?.end && !loose?.end) return report('cableGone', { name, bridge: bridge.name }, again)
      if (!own?.end)
        return report(
          'unplugged',
          {
            interface: loose?.end?.name ?? '',
            name,
            bridge: bridge.name,
            other: loose?.end?.master ?? 'nothing',
          },
          fix(
            `Plug it into ${bridge.name} again`,
            runCommand(['ip', 'link', 'set', 'dev', loose?.end?.name ?? '', 'master', bridge.name]),
          ),
        )
      const off = offEnd(own.cable, own.end)
      if (off === 'host') {
        const { name: device } = own.end
        const up = runCommand(['ip', 'link', 'set', 'dev', device, 'up'])
        return report('down', { interface: device, name }, fix('Switch it on', up))
      }
      if (off === 'inside') return report('downInside', { interface: own.cable.name, name }, again)
    }
    if (inner.known && inner.value && way.address !== null) {
      const { addresses, gateway } = inner.value
      if (!addresses.includes(way.address))
        return report(
          'otherAddress',
          { name, wanted: way.address, has: addresses.join(', ') || 'none' },
          again,
        )
      if (gateway === null && !network.internal)
        return report('noGateway', { name, network: network.name }, again)
      const own = network.subnets.map((one) => one.gateway.split('/')[0]).find(Boolean)
      const meant = new Set(networks.flatMap((one) => one.subnets.map((each) => each.gateway.split('/')[0])))
      if (gateway !== null && own !== undefined && !meant.has(gateway))
        return report('otherGateway', { name, has: gateway, wanted: own }, again)
    }
    if (!cables.known) return report.unknown(cables.why)
    if (!inner.known) return report.unknown(inner.why)
    if (cables.value === null) return report.skip(`${name} does not run`)
    return report.pass(`${way.address ?? 'without an IPv4 address'} on ${bridge.name}`)
  },
})

/** In a container of several networks the other cables belong to the other bridges. */
const isPluggedElsewhere = (
  { master }: NetInterface,
  bridges: readonly { readonly name: string }[],
  own: string,
): boolean => bridges.some(({ name }) => name !== own && name === master)

const offEnd = (cable: Cable, end: NetInterface): 'host' | 'inside' | null =>
  !end.up ? 'host' : cable.up ? null : 'inside'
