import { NETWORK_LOST } from '../../src/diagnose/phenomena.ts'
import { stateOf } from '../../src/facts/bridge-state.ts'
import { type Cable, cables, innerNetwork } from '../../src/facts/container-namespace.ts'
import { type EngineNetwork, networks } from '../../src/facts/engine.ts'
import { type EngineBridge, engineBridges } from '../../src/facts/engine-bridges.ts'
import { NO_CONTAINER, namedWay } from '../../src/facts/named-way.ts'
import { interfaces } from '../../src/facts/network.ts'
import { defineCheck, type Found, fail, type Reporter } from '../../src/model/check.ts'
import { maybe, type Values } from '../../src/model/fact.ts'
import { disruptive, type Fix, fix, runCommand, type Step } from '../../src/model/fix.ts'
import { among, says, shows } from '../../src/model/symptom.ts'
import { contains } from '../../src/net/cidr.ts'
import type { NetInterface } from '../../src/net/interface.ts'

const needs = {
  way: namedWay,
  cables: maybe(cables),
  inner: maybe(innerNetwork),
  bridges: engineBridges,
  networks,
  interfaces,
}
type Facts = Values<typeof needs>

const findings = {
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
    {
      causedBy: [],
    },
  ),
}
type Report = Reporter<typeof findings>

interface Place {
  readonly name: string
  readonly network: EngineNetwork
  readonly bridge: EngineBridge
}

const again = (name: string): Fix =>
  disruptive(`Start ${name} anew: the engine plugs it in`, runCommand(['docker', 'restart', name]))

const ip = (...words: readonly string[]): Step => runCommand(['ip', 'link', 'set', 'dev', ...words])

function judgeCables(
  { name, bridge }: Place,
  { cables, bridges, interfaces }: Facts,
  report: Report,
): Found | null {
  if (!cables.known || !cables.value) return null
  const ends = cables.value.flatMap((cable) => {
    const end = interfaces.find(({ index }) => index === cable.hostIndex)
    return end ? [{ cable, end }] : []
  })
  const own = ends.find(({ end }) => end.master === bridge.name)
  if (own) return judgeSwitches(name, own.cable, own.end, report)
  // In a container of several networks the other cables belong to the other bridges.
  const loose = ends.find(({ end }) => !bridges.some((other) => other.name === end.master))
  if (!loose) return report('cableGone', { name, bridge: bridge.name }, again(name))
  const { name: device, master: other = 'nothing' } = loose.end
  const plug = fix(`Plug it into ${bridge.name} again`, ip(device, 'master', bridge.name))
  return report('unplugged', { interface: device, name, bridge: bridge.name, other }, plug)
}

function judgeSwitches(name: string, cable: Cable, end: NetInterface, report: Report): Found | null {
  if (!end.up) return report('down', { interface: end.name, name }, fix('Switch it on', ip(end.name, 'up')))
  return cable.up ? null : report('downInside', { interface: cable.name, name }, again(name))
}

/** The engine does not always name the gateway of its default network: then it is the bridge's own address. */
const gatewaysOf = ({ network, addresses }: EngineBridge): readonly string[] => [
  ...network.subnets.flatMap(({ gateway }) => gateway.split('/')[0] || []),
  ...addresses.map(({ address }) => address),
]

/** What is inside, beside what the engine says. */
function judgeInside(place: Place, { way, inner, bridges }: Facts, report: Report): Found | null {
  const { name, network, bridge } = place
  if (!inner.known || !inner.value || !way?.address) return null
  const { addresses, gateway } = inner.value
  const { address: wanted } = way
  if (!addresses.includes(wanted))
    return report('otherAddress', { name, wanted, has: addresses.join(', ') || 'none' }, again(name))
  if (network.internal) return null
  if (gateway === null) return report('noGateway', { name, network: network.name }, again(name))
  const [meant] = gatewaysOf(bridge)
  // In a container of several networks the default route leads through one of them.
  if (meant === undefined || bridges.some((one) => gatewaysOf(one).includes(gateway))) return null
  return report('otherGateway', { name, has: gateway, wanted: meant }, again(name))
}

/** The peer is a container of another network, and there is no port by which it could come in. */
function judgePeer({ name, network }: Place, { way, networks }: Facts, report: Report): Found | null {
  const peer = way?.peer
  if (!peer || way.isFromHere || way.published) return null
  const theirs = networks.find(
    ({ id, driver, subnets }) =>
      driver === 'bridge' &&
      id !== network.id &&
      subnets.some(({ subnet }) => contains(subnet, peer.address)),
  )
  if (!theirs) return null
  const there = 'docker inspect "$2" | grep -qF "\\"$1\\": {"'
  const connect = runCommand(['docker', 'network', 'connect', theirs.name, name], {
    unless: ['sh', '-c', there, 'sh', theirs.name, name],
  })
  const slots = { peer: peer.text, theirs: theirs.name, name }
  return report('noCommonNetwork', slots, fix(`Connect ${name} to ${theirs.name}`, connect))
}

export default defineCheck({
  id: 'container/attached',
  title: 'The container is plugged into its network',
  why: 'A container hangs on its bridge by one virtual cable: unplugged, or with another address, it is alone.',
  profiles: ['docker', 'swarm'],
  needs,
  causedBy: ['container/running', 'network/docker-bridge', 'network/interface-managers'],
  symptoms: () => [
    among(NETWORK_LOST, 0.05),
    shows([/Gateway Time-?out|while connecting to upstream/, /172\.\d+\.0\.\d+:\d+/], 0.4, {
      unless: /while reading/,
    }),
    says([/\btraefik|\breverse proxy|\bnginx[- ]proxy|\bcaddy\b/, /gateway time-?out|\b504\b/], 0.5),
  ],
  findings,
  evaluate(facts, report) {
    const { way, cables, inner, bridges } = facts
    if (!way) return report.skip(NO_CONTAINER)
    const { name, kind, network } = way
    if (kind === 'host') return report.skip(`${name} is on the network of the host`)
    if (kind === 'other')
      return report.skip(`driver ${network?.driver}: this host's bridges have no part in it`)
    if (!network) {
      const connect = runCommand(['docker', 'network', 'connect', 'bridge', name])
      return report(
        'noNetwork',
        { name },
        fix('Connect it to a network: docker network ls has their names', connect),
      )
    }
    const bridge = bridges.find((one) => one.network.id === network.id)
    if (!bridge) return report.unknown(`network ${network.name}: its bridge is not known`)
    if (stateOf(bridge).state === 'missing')
      return report('bridgeGone', { bridge: bridge.name, network: network.name, name }, again(name))
    const place = { name, network, bridge }
    const found =
      judgePeer(place, facts, report) ??
      judgeCables(place, facts, report) ??
      judgeInside(place, facts, report)
    if (found) return found
    if (!cables.known) return report.unknown(cables.why)
    if (!inner.known) return report.unknown(inner.why)
    if (cables.value === null) return report.skip(`${name} does not run`)
    return report.pass(`${way.address ?? 'without an IPv4 address'} on ${bridge.name}`)
  },
})
