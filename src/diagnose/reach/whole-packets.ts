/** Do packets as large as the container sends get through? */
import { wholePackets } from '../../facts/named-probes.ts'
import { NO_CONTAINER, namedWay } from '../../facts/named-way.ts'
import { settings } from '../../facts/settings.ts'
import { fail, warn } from '../../model/check.ts'
import { maybe } from '../../model/fact.ts'
import { manualFix } from '../../model/fix.ts'
import { question } from '../question.ts'
import { PASSIVE } from './from-host.ts'

export const fitsThrough = question({
  needs: { settings, way: namedWay, packets: maybe(wholePackets) },
  findings: {
    swallowed: fail(
      'packets of {size} bytes vanish on the way to {address}, and small ones arrive: large transfers hang',
    ),
    tooLarge: warn('packets of {size} bytes are sent back as too large on the way to {address}'),
  },
  evaluate({ settings, way, packets }, report) {
    if (!way) return report.skip(NO_CONTAINER)
    if (settings.way?.passive) return report.skip(PASSIVE)
    if (!settings.way?.to) return report.skip('packets of full size are sent only to whom --to names')
    if (!packets.known) return report.unknown(packets.why)
    if (!packets.value) return report.skip('there is nobody to send them to')
    const { address, size, large, small } = packets.value
    const smaller = manualFix(
      'Let the network send smaller packets: "mtu" in daemon.json, or com.docker.network.driver.mtu of the network',
    )
    if (large.ok) return report.pass(`${size} bytes arrive at ${address}`)
    if (large.code === 'EMSGSIZE') return report('tooLarge', { size, address }, smaller)
    if (large.code === 'TIMEOUT' && small.ok) return report('swallowed', { size, address }, smaller)
    return report.skip(`${address} does not say whether datagrams arrive`)
  },
})
