/** Do the routes and policy rules of this host lead to the container, and its answers back? */
import { NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { routes, routingRules } from '../../facts/network.ts'
import { OUTSIDE } from '../../facts/uplinks.ts'
import { fail } from '../../model/check.ts'
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
