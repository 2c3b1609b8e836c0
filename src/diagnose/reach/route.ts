/** Do the routes and policy rules of this host lead to the container, its answers back, and its own packets to their target? */
import { engineBridges } from '../../facts/engine-bridges.ts'
import { NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { routes, routingRules } from '../../facts/network.ts'
import { targetPlace } from '../../facts/target-place.ts'
import { OUTSIDE } from '../../facts/uplinks.ts'
import { fail, warn } from '../../model/check.ts'
import { maybe } from '../../model/fact.ts'
import { manualFix } from '../../model/fix.ts'
import { contains } from '../../net/cidr.ts'
import { ruleText, wayOf } from '../../net/fib.ts'
import { question } from '../question.ts'

export const isRouted = question({
  needs: { way: namedWay, routes, rules: routingRules },
  findings: {
    astray: fail('what is for {address} of {name} goes to {device} instead of {bridge}: {route}'),
    nowhere: fail('no route of this host leads to {address} of {name}'),
    refused: fail('the rule "{rule}" throws away what is for {address} of {name}: {how}'),
    noWayBack: fail('no route leads from {address} of {name} to {peer}'),
    refusedBack: fail('the rule "{rule}" throws away what {address} of {name} sends to {peer}: {how}'),
  },
  evaluate({ way, routes, rules }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    const { name, network, address, peer, iif } = way
    if (!network || !address || way.kind !== 'bridge')
      return report.skip(`${name} hangs on no bridge of this host`)
    const { bridge } = network
    const src = peer?.address ?? OUTSIDE
    const slots = { address, name }
    const there = wayOf(
      { src: iif === null ? '0.0.0.0' : src, dst: address, ...(iif ? { iif } : {}) },
      rules,
      routes,
    )
    const cure = manualFix(
      'Take the route or rule away that leads astray, or give the network another block of addresses',
      `ip rule show; ip route show table all to match ${address}`,
    )
    if (there.kind === 'none') return report('nowhere', slots, cure)
    if (there.kind === 'refused')
      return report('refused', { ...slots, rule: ruleText(there.rule), how: there.how }, cure)
    const { dev = 'another gateway', dst } = there.route
    if (dev !== bridge) {
      const route = `${dst} of table ${there.route.table}`
      return report('astray', { ...slots, device: dev, bridge, route }, cure)
    }
    const isNear = way.isFromHere || network.subnets.some(({ subnet }) => contains(subnet, src))
    if (isNear || network.internal) return report.pass(`${dst} by ${bridge}`)
    const back = wayOf({ src: address, dst: src, iif: bridge }, rules, routes)
    const whom = peer?.text ?? 'the outside'
    if (back.kind === 'refused')
      return report('refusedBack', { ...slots, rule: ruleText(back.rule), how: back.how, peer: whom }, cure)
    if (back.kind === 'none') return report('noWayBack', { ...slots, peer: whom }, cure)
    return report.pass(`${dst} by ${bridge}, and back by ${back.route.dev ?? 'its gateways'}`)
  },
})

export const isRoutedOut = question({
  needs: {
    way: namedWay,
    place: maybe(targetPlace),
    routes,
    rules: routingRules,
    bridges: maybe(engineBridges),
  },
  findings: {
    inOwnSubnet: fail(
      '{target} lies in {subnet}, the subnet of {network}: {name} looks for it on its own bridge and does not find it',
    ),
    backIntoBridge: warn(
      '{route} leads what {name} sends to {target} back into {device}, its own bridge: it is answered only if it hangs there',
    ),
    intoBridge: fail('{route} leads what {name} sends to {target} into {device}, a bridge of the engine'),
    thrownAway: fail('the rule "{rule}" throws away what {name} sends to {target}: {how}'),
    noWayOut: fail('no route of this host leads from {name} to {target}'),
  },
  evaluate({ way, place, routes, rules, bridges }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    const { name, network, address } = way
    if (!network || !address || network.internal)
      return report.skip(`${name} has no way out by a bridge of this host`)
    if (!place.known) return report.unknown(place.why)
    if (!place.value) return report.skip('it is not known by its address')
    const { address: dst, side } = place.value
    if (side === 'inside') return report.skip('what it sends to itself does not leave it')
    if (side === 'host') return report.pass('it is this host itself')
    const engine = bridges.known ? bridges.value : []
    const isContainer = engine.some((one) =>
      one.containers.some(({ addresses }) => [...addresses.values()].includes(dst)),
    )
    if (isContainer) return report.pass('it is a container of this engine')
    const slots = { name, target: dst }
    const own = network.subnets.find(({ subnet }) => contains(subnet, dst))
    const elsewhere = manualFix(
      'Give the network another block of addresses',
      'bip or default-address-pools in daemon.json for the default network; docker network create --subnet for others.',
    )
    if (own && own.gateway.split('/')[0] !== dst)
      return report('inOwnSubnet', { ...slots, subnet: own.subnet, network: network.name }, elsewhere)
    const out = wayOf({ src: address, dst, iif: network.bridge }, rules, routes)
    const look = manualFix(
      'Take the rule away, or give its table a way there',
      `ip rule show; ip route get ${dst}`,
    )
    if (out.kind === 'none') return report('noWayOut', slots, look)
    if (out.kind === 'refused')
      return report('thrownAway', { ...slots, rule: ruleText(out.rule), how: out.how }, look)
    const { dev, dst: block, gateway } = out.route
    if (dev === network.bridge && !own && !gateway)
      return report('backIntoBridge', { ...slots, route: block, device: dev }, look)
    const taken = engine.find((one) => one.name === dev && one.name !== network.bridge)
    if (taken) return report('intoBridge', { ...slots, route: block, device: taken.name }, elsewhere)
    return report.pass(dev ? `by ${dev}` : 'by its gateways')
  },
})
