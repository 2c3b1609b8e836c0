import type { Family } from '../cidr.ts'
import type { PacketState } from './packet.ts'
import type { Ternary } from './ternary.ts'

/**
 * Firewall rules in the one form that packets are walked through, whichever notation they were written in.
 */
export interface PathRule {
  readonly at: RuleRef
  /** All have to hold. */
  readonly tests: readonly Test[]
  /** What a match does to the packet's mark; `value: undefined` when that cannot be told. */
  readonly mark?: MarkChange
  readonly action: Action
}

export type Test = (state: PacketState) => Ternary

export interface MarkChange {
  readonly value: number | undefined
  /** Bits that are replaced. */
  readonly mask: number
}

export type Action =
  | { readonly type: 'accept' | 'drop' | 'reject' | 'return' | 'continue' }
  | { readonly type: 'jump' | 'goto'; readonly chain: string }
  | { readonly type: 'nat'; readonly nat: NatMapping }
  /** The rule may do anything: a program in user space decides, or nobody here knows the target. */
  | { readonly type: 'unknown' }

/** A translation of addresses. `to` and `port` are absent when the rule computes them. */
export interface NatMapping {
  readonly type: 'masquerade' | 'snat' | 'dnat' | 'redirect'
  /** An address, or a range as written. */
  readonly to?: string
  readonly port?: number
}

/** A chain on a hook, with its table's other chains. */
export interface BaseChain {
  readonly at: ChainRef
  readonly hook: Hook
  /** On hook ingress: the interfaces whose packets it sees, as nft names them (`eth0`, `eth*`); empty where nft does not tell. */
  readonly devices?: readonly string[]
  readonly type: 'filter' | 'nat'
  /** Chains on a hook run from the lowest number up. */
  readonly priority: number
  readonly policy: 'accept' | 'drop'
  readonly rules: readonly PathRule[]
  /** The rules of a chain of the same table; undefined when there is no such chain. */
  readonly chain: (name: string) => readonly PathRule[] | undefined
}

export type Hook = 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting'

/** Which mechanism a chain belongs to; `iptables` when the text did not say which backend, or there is but one. */
export type Backend = 'iptables' | 'iptables-nft' | 'iptables-legacy' | 'nftables'

export interface ChainRef {
  readonly backend: Backend
  /** nft's family: `ip`, `ip6`, `inet`, `netdev`. */
  readonly family: string
  readonly table: string
  readonly chain: string
}

/** Where a rule stands, so that a person can find it and a command can delete it. */
export interface RuleRef extends ChainRef {
  /** iptables: 1-based line in the iptables-save text. */
  readonly line?: number
  /** nftables: what `nft delete rule … handle n` takes. */
  readonly handle?: number
  /** 1-based place in its chain. */
  readonly position: number
  readonly raw: string
  readonly comment?: string
}

export function nftFamily(family: Family): 'ip' | 'ip6' {
  return family === 4 ? 'ip' : 'ip6'
}
