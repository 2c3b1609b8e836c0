/** From the named container to a program of this host itself: its packets pass INPUT, and the answers OUTPUT. */
import { defineFact, type Fact } from '../model/fact.ts'
import type { Packet } from '../net/path/packet.ts'
import { type Trace, traceArrival, traceDestinationNat, traceSent } from '../net/path/trace.ts'
import { CLIENT_PORT, firewall, hostView, isStopped } from './forwarding-paths.ts'
import { namedWay } from './named-way.ts'
import { interfaces } from './network.ts'
import { targetPlace } from './target-place.ts'

export interface WayToHost {
  readonly address: string
  readonly port: number
  readonly bridge: string
  /** A rule leads it elsewhere, or may: a published port of another container. Then it does not pass INPUT, or may not. */
  readonly isLedElsewhere: boolean
  /** Of the packets there, or of the answers: what certainly stops them, or else what may; null where nothing does. */
  readonly trace: Trace | null
}

/** Null where the target is no address of this host. */
export const wayToHost: Fact<WayToHost | null> = defineFact({
  name: 'wayToHost',
  about: 'What the packet filter does to packets of the named container to this host itself.',
  needs: { way: namedWay, place: targetPlace, firewall, interfaces },
  parse: (_, { way, place, firewall, interfaces }): WayToHost | null => {
    if (place?.side !== 'host' || way?.kind !== 'bridge' || !way.network || !way.address) return null
    const { bridge } = way.network
    const { address, port } = place
    const host = hostView(interfaces)
    const there: Packet = {
      ...{ iif: bridge, oif: null, src: way.address, dst: address, proto: 'tcp' },
      ...{ sport: CLIENT_PORT, dport: port, ctstate: 'new' },
    }
    const back: Packet = {
      ...{ iif: null, oif: bridge, src: address, dst: way.address, proto: 'tcp' },
      ...{ sport: port, dport: CLIENT_PORT, ctstate: 'established', direction: 'reply' },
    }
    const isLedElsewhere = traceDestinationNat(firewall, there, host).verdict !== 'none'
    const traces = isLedElsewhere
      ? []
      : [traceArrival(firewall, there, host), traceSent(firewall, back, host)]
    const trace = traces.find(isStopped) ?? traces.find(({ verdict }) => verdict === 'undecided') ?? null
    return { address, port, bridge, isLedElsewhere, trace }
  },
})
