import type { Family } from './cidr.ts'

/** A network interface, as `ip addr` and `ip -d link` tell. */
export interface NetInterface {
  readonly name: string
  readonly index?: number
  /** As iproute2 names them: `UP`, `LOWER_UP`, `NO-CARRIER`, `POINTOPOINT`, … */
  readonly flags: readonly string[]
  /** Administratively up. */
  readonly up: boolean
  /** The layer below is up: a cable, a running container. A bridge without ports has none, which is normal. */
  readonly carrier: boolean
  /** `UP`, `DOWN`, `UNKNOWN`, `LOWERLAYERDOWN`, … */
  readonly state?: string
  /** Bytes. */
  readonly mtu?: number
  /** Hardware address. */
  readonly mac?: string
  readonly addresses: readonly InterfaceAddress[]
  /** `bridge`, `veth`, `vlan`, `vxlan`, `tun`, `wireguard`, …; only known from `ip -d link`. Absent on hardware. */
  readonly kind?: string
  /** The bridge or bond that it is a port of. */
  readonly master?: string
  /** The other end of a veth, or the interface that a VLAN sits on. */
  readonly link?: InterfaceLink
}

/** What stands behind the `@` in `veth1@if5`: a name in this namespace, or an index in another one. */
export interface InterfaceLink {
  readonly name?: string
  readonly index?: number
  /** Identifies the namespace that `index` is in; absent when it is this one or not known. */
  readonly netnsId?: number
}

export interface InterfaceAddress {
  readonly family: Family
  readonly address: string
  /** Prefix length in bits. */
  readonly prefix: number
  /** The network that the address lies in: `172.17.0.0/16`. */
  readonly network: string
  readonly scope?: string
  /** The far end's address on a point-to-point link. */
  readonly peer?: string
}
