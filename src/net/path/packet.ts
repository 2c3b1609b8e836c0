import { type Family, parseAddress } from '../cidr.ts'

/**
 * A packet as a hook sees it. What is left out is not known, and rules that ask for it match `maybe`.
 *
 * A packet whose destination is translated on arrival is given as it is afterwards, with `dst` the container and
 * `original` what stood there before: the published port that a client asked for, or the host's own address, which the
 * answer to a masqueraded packet is sent to.
 */
export interface Packet {
  /** Where it came in; null for a packet of this host's own (hooks output and postrouting). */
  readonly iif?: string | null
  /** Where it goes out; null while not routed yet (prerouting) or never (input). */
  readonly oif?: string | null
  readonly src?: string
  readonly dst?: string
  /** `tcp`, `udp`, `icmp`, … or a protocol number as text. */
  readonly proto?: string
  readonly sport?: number
  readonly dport?: number
  /** ICMP type: 8 is an echo request. */
  readonly icmpType?: number
  readonly ctstate?: 'new' | 'established' | 'related' | 'invalid' | 'untracked'
  /** Which side of the connection sent it. Follows from `ctstate: 'new'`. */
  readonly direction?: 'original' | 'reply'
  /**
   * The destination that it arrived with. Absent with direction `original`: the same as `dst`; absent otherwise: not
   * known.
   */
  readonly original?: { readonly dst: string; readonly dport?: number }
  /** Default 0, which is what packets start with. */
  readonly fwmark?: number
}

/** What a rule may ask about the host itself. */
export interface HostView {
  /** The host's own addresses, with prefix lengths if known (`172.17.0.1/16`); absent when not known. */
  readonly localAddresses?: readonly string[]
}

/** A packet on its way through rules, which may have marked it; `mark: undefined` means not known any more. */
export interface PacketState {
  readonly packet: Packet
  readonly host: HostView
  readonly mark: number | undefined
}

/** The IP version by the packet's addresses; 4 when it names none. */
export function familyOf(packet: Packet): Family {
  return parseAddress(packet.dst ?? packet.src ?? '')?.family ?? 4
}

export function directionOf(packet: Packet): 'original' | 'reply' | undefined {
  return packet.direction ?? (packet.ctstate === 'new' ? 'original' : undefined)
}
