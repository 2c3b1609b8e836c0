/** Is the port published where others reach it, and who takes what arrives there? */

import { holderText } from '../../facts/listeners.ts'
import { namedEntry } from '../../facts/named-entry.ts'
import { type NamedWay, NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { interfaces, routes } from '../../facts/network.ts'
import { takeOut } from '../../facts/rule-removal.ts'
import { settings } from '../../facts/settings.ts'
import { fail } from '../../model/check.ts'
import { type Known, maybe } from '../../model/fact.ts'
import { disruptive, fix, manualFix, restartEngine } from '../../model/fix.ts'
import { contains, isLoopback } from '../../net/cidr.ts'
import type { NetInterface } from '../../net/interface.ts'
import type { Route } from '../../net/route.ts'
import { question } from '../question.ts'

const AGAIN =
  'A container keeps the ports that it was created with: make it anew (docker run, docker compose up)'

/** Drivers that give a container an address of its own on a network of the host's. */
const ON_THE_LINK: ReadonlySet<string> = new Set(['macvlan', 'ipvlan'])

/** What such a driver keeps apart: it hands the host's own packets to nobody. @see https://docs.docker.com/engine/network/drivers/macvlan/ */
const isBarred = ({ network, isFromHere }: NamedWay, links: Known<readonly NetInterface[]>): boolean =>
  isFromHere &&
  network !== null &&
  ON_THE_LINK.has(network.driver) &&
  links.known &&
  !links.value.some(({ kind = '' }) => ON_THE_LINK.has(kind))

/** Whether packets for it are this host's; a route of type local makes them so without an interface that has it. */
const isOwn = (ip: string, links: readonly NetInterface[], all: readonly Route[]): boolean =>
  links.some(({ addresses }) => addresses.some(({ address }) => address === ip)) ||
  all.some(({ type, dst }) => type === 'local' && contains(dst, ip))

const isAny = (ip: string): boolean => ip === '' || ip === '0.0.0.0'

export const isPublished = question({
  needs: { settings, way: namedWay, interfaces: maybe(interfaces), routes: maybe(routes) },
  findings: {
    notPublished: fail(
      'port {port} of {name} is not published: only this host and containers of {network} reach it',
      { causedBy: [] },
    ),
    internal: fail(
      'network {network} is internal and publishes nothing: only this host and its own containers reach port {port} of {name}',
      { causedBy: [] },
    ),
    barred: fail(
      '{name} has an address of its own by the driver {driver}, which lets this host itself not reach it, by design',
      { causedBy: [] },
    ),
    noSuchAddress: fail('port {port} of {name} is published on {ip}, which is no address of this host', {
      causedBy: [],
    }),
    onLoopback: fail('port {port} of {name} is published on {ip} alone: only this host itself reaches it', {
      causedBy: [],
    }),
  },
  evaluate({ settings, way, interfaces, routes }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    const { name, kind, network, port, published, isFromHere, isNeighbour, others } = way
    if (kind === 'host') return report.skip(`${name} is on the network of the host: its ports are the host's`)
    if (!port) return report.skip(`${name} publishes no port, and none is asked for`)
    if (isNeighbour) return report.skip('whoever is in its network needs no published port')
    if (network && isBarred(way, interfaces)) {
      const cure = manualFix(
        'Reach it from another machine, or by a network of the bridge driver that it is in, too',
        `docker network connect bridge ${name}; or give this host an interface of the same driver, and a route by it.`,
      )
      return report('barred', { name, driver: network.driver }, cure)
    }
    if (network && ON_THE_LINK.has(network.driver))
      return report.skip(
        `${name} has an address of its own by the driver ${network.driver}: nothing is published`,
      )
    if (!published) {
      if (settings.way?.port === undefined && !way.peer)
        return report.skip(`${name} publishes no port, and none is asked for`)
      if (isFromHere) return report.skip('this host itself reaches its address')
      const asked = `${port.port}/${port.protocol}`
      if (network?.internal) {
        const cure = manualFix(
          'Put it into a network that is not internal, too',
          `Make it anew with that network first, and publish the port there: -p ${port.port}:${port.port}`,
        )
        return report('internal', { network: network.name, port: asked, name }, cure)
      }
      const cure = manualFix(`Publish it: -p ${port.port}:${port.port}`, AGAIN)
      return report('notPublished', { port: asked, name, network: network?.name ?? kind }, cure)
    }
    if (isLoopback(published.ip) && !isFromHere) {
      const cure = manualFix(`Publish it on all addresses: -p ${published.port}:${port.port}`, AGAIN)
      return report('onLoopback', { port: published.port, name, ip: published.ip }, cure)
    }
    const { ip } = published
    const isGone = interfaces.known && routes.known && !isOwn(ip, interfaces.value, routes.value)
    if (!isAny(ip) && !isLoopback(ip) && isGone) {
      const cure = manualFix(
        `Give this host the address ${ip} again, or publish the port on one that it has`,
        `ip -4 addr show lists them. ${AGAIN}`,
      )
      return report('noSuchAddress', { port: published.port, name, ip }, cure)
    }
    const where = isAny(ip) ? 'all addresses' : ip
    const also = others.length > 0 ? `; also published: ${others.join(', ')}` : ''
    return report.pass(`${published.port} of ${where}, to ${port.port}/${port.protocol}${also}`)
  },
})

export const isHeld = question({
  needs: { way: namedWay, entry: namedEntry },
  findings: {
    taken: fail('port {port} is published for {name}, and {holder} holds it'),
    lost: fail(
      'port {port} is published for {name}, and no rule leads there, nor does anything listen on it',
    ),
    elsewhere: fail('a rule sends port {port} on to {to} instead of {name}, which has {address}: {rule}'),
  },
  evaluate({ way, entry }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (!entry || !way.published) return report.skip(`no published port of ${way.name} is asked for`)
    const slots = { port: way.published.port, name: way.name }
    const again = disruptive('Have the engine write its rules again', restartEngine)
    switch (entry.how) {
      case 'unknown':
        return report.unknown(entry.why)
      case 'host':
      case 'direct':
        return report.skip('nothing has to be translated')
      case 'undecided':
        return report.pass('it hangs on a rule that cannot be judged')
      case 'translated':
        return report.pass(entry.rule ? `by ${entry.rule.raw}` : 'by a rule')
      case 'proxied':
        return report.pass('no rule translates it; docker-proxy takes it and passes on what is said')
      case 'taken':
        return report(
          'taken',
          { ...slots, holder: holderText(entry.by) },
          manualFix(
            `Stop what holds port ${slots.port}, or publish another port`,
            `Then start the container anew: docker restart ${way.name}`,
          ),
        )
      case 'lost':
        return report('lost', slots, again)
      case 'elsewhere':
        return report(
          'elsewhere',
          { ...slots, to: entry.to, address: way.address ?? 'no address', rule: entry.rule?.raw ?? 'a rule' },
          entry.rule ? fix('Take the rule out', ...takeOut(entry.rule)) : again,
        )
      default:
        return entry satisfies never
    }
  },
})
