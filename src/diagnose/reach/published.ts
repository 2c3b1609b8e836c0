/** Is the port published where others reach it, and who takes what arrives there? */

import { holderText } from '../../facts/listeners.ts'
import { namedEntry } from '../../facts/named-entry.ts'
import { NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { takeOut } from '../../facts/rule-removal.ts'
import { settings } from '../../facts/settings.ts'
import { fail } from '../../model/check.ts'
import { disruptive, fix, manualFix, restartEngine } from '../../model/fix.ts'
import { isLoopback } from '../../net/cidr.ts'
import { question } from '../question.ts'

const AGAIN =
  'A container keeps the ports that it was created with: make it anew (docker run, docker compose up)'

export const isPublished = question({
  needs: { settings, way: namedWay },
  findings: {
    notPublished: fail(
      'port {port} of {name} is not published: only this host and containers of {network} reach it',
      { causedBy: [] },
    ),
    onLoopback: fail('port {port} of {name} is published on {ip} alone: only this host itself reaches it', {
      causedBy: [],
    }),
  },
  evaluate({ settings, way }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    const { name, kind, port, published, isFromHere, isNeighbour, others } = way
    if (kind === 'host') return report.skip(`${name} is on the network of the host: its ports are the host's`)
    if (!port) return report.skip(`${name} publishes no port, and none is asked for`)
    if (isNeighbour) return report.skip('whoever is in its network needs no published port')
    if (!published) {
      if (settings.way?.port === undefined && !way.peer)
        return report.skip(`${name} publishes no port, and none is asked for`)
      if (isFromHere) return report.skip('this host itself reaches its address')
      const cure = manualFix(`Publish it: -p ${port.port}:${port.port}`, AGAIN)
      return report(
        'notPublished',
        { port: `${port.port}/${port.protocol}`, name, network: way.network?.name ?? kind },
        cure,
      )
    }
    if (isLoopback(published.ip) && !isFromHere) {
      const cure = manualFix(`Publish it on all addresses: -p ${published.port}:${port.port}`, AGAIN)
      return report('onLoopback', { port: published.port, name, ip: published.ip }, cure)
    }
    const where = published.ip === '' || published.ip === '0.0.0.0' ? 'all addresses' : published.ip
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
