import { defined } from '../record.ts'
import type { Firewall } from './firewall.ts'
import { firewallChains } from './firewall.ts'
import { directionOf, familyOf, type HostView, type Packet } from './packet.ts'
import { interfaceIs } from './packet-tests.ts'
import type { BaseChain, ChainRef, Hook, NatMapping, RuleRef } from './program.ts'
import { type Outcome, type PathStep, walkChain } from './walk.ts'

/** What happens to a packet. */
export interface Trace {
  /**
   * `drop` and `reject` are only said when no other outcome is possible; `undecided` when it hangs on a condition that
   * cannot be judged (a rate limit, an ipset, a program in user space).
   */
  readonly verdict: 'accept' | 'drop' | 'reject' | 'undecided'
  /** With `drop` and `reject`: the base chain and hook that the packet was stopped in. */
  readonly chain?: ChainRef
  readonly hook?: Hook
  /** With `drop` and `reject`: the rule that stopped it; absent when it was the chain's policy. */
  readonly rule?: RuleRef
  /** No rule decided: the policy of the chain that stopped it did, or of all the chains that accepted it. */
  readonly byPolicy: boolean
  /** With `undecided`: the rules and policies that may stop it. */
  readonly blockers: readonly Outcome[]
  /** Every rule that matched or may have, in order. */
  readonly path: readonly PathStep[]
}

/** Whether a packet that the host routes gets through the forward hook: all base chains there have to accept it. */
export function traceForward(firewall: Firewall, packet: Packet, host: HostView = {}): Trace {
  return traceHooks(firewall, { marks: ARRIVAL, judges: ['forward'] }, packet, host)
}

/** Whether a packet to the host itself is let in. */
export function traceInput(firewall: Firewall, packet: Packet, host: HostView = {}): Trace {
  return traceHooks(firewall, { marks: ARRIVAL, judges: ['input'] }, { ...packet, oif: null }, host)
}

/** The whole way of a packet of the host's own: output, postrouting. */
export function traceSent(firewall: Firewall, packet: Packet, host: HostView = {}): Trace {
  return traceHooks(firewall, { judges: ['output', 'postrouting'] }, { ...packet, iif: null }, host)
}

/**
 * The whole way of a routed packet: ingress, prerouting, forward, postrouting. The packet is given as the forward hook sees
 * it; before translation it is looked at with its `original` destination, and an answer without one has none known.
 */
export function traceRouted(firewall: Firewall, packet: Packet, host: HostView = {}): Trace {
  return traceHooks(firewall, { judges: [...ARRIVAL, 'forward', 'postrouting'] }, packet, host)
}

/** The whole way of a packet to the host itself: ingress, prerouting, input. */
export function traceArrival(firewall: Firewall, packet: Packet, host: HostView = {}): Trace {
  return traceHooks(firewall, { judges: [...ARRIVAL, 'input'] }, { ...packet, oif: null }, host)
}

/** A rule that a packet may match, or a policy that it may come to. */
export type Reached = Pick<Outcome, 'chain' | 'rule'>

/** All that a packet may come to on these hooks, also behind what stops it. */
export function traceReach(
  firewall: Firewall,
  hooks: readonly Hook[],
  packet: Packet,
  host: HostView = {},
): Reached[] {
  let mark: number | undefined = packet.fwmark ?? 0
  return chainsOf(firewall, hooks, packet).flatMap((base): Reached[] => {
    const walk = walkChain(base, { packet: seenBy(base, packet), host, mark })
    mark = walk.mark
    return [...walk.path.map(({ rule }) => ({ chain: base.at, rule })), ...walk.outcomes]
  })
}

/** What translates a packet's addresses. */
export interface NatTrace {
  /** `none`: certainly nothing; `undecided`: hangs on a condition that cannot be judged. */
  readonly verdict: NatMapping['type'] | 'none' | 'undecided'
  readonly nat?: NatMapping
  readonly rule?: RuleRef
  /** With `undecided`: the rules that may translate it. */
  readonly possible: readonly Outcome[]
  readonly path: readonly PathStep[]
}

/** What a packet's source becomes on its way out by `oif`: MASQUERADE or SNAT. Only a connection's first packet is asked for. */
export function traceSourceNat(firewall: Firewall, packet: Packet, host: HostView = {}): NatTrace {
  return traceNat(firewall, 'postrouting', opening(packet), host)
}

/** Where a packet that comes in by `iif` is sent instead: DNAT or REDIRECT. */
export function traceDestinationNat(firewall: Firewall, packet: Packet, host: HostView = {}): NatTrace {
  const { original: _, ...arriving } = opening(packet)
  return traceNat(firewall, 'prerouting', { ...arriving, oif: null }, host)
}

/** Where a packet of the host's own is sent instead, as when the host asks for a port that it publishes. */
export function traceLocalDestinationNat(firewall: Firewall, packet: Packet, host: HostView = {}): NatTrace {
  return traceNat(firewall, 'output', { ...opening(packet), iif: null }, host)
}

// Rules of type nat see the packet that opens a connection, and no other.
function opening(packet: Packet): Packet {
  return { ...packet, ctstate: 'new', direction: 'original' }
}

const ARRIVAL = ['ingress', 'prerouting'] as const

interface Course {
  /** Hooks that the packet came through before: what they did to its mark is what later rules ask for. */
  readonly marks?: readonly Hook[]
  readonly judges: readonly Hook[]
}

function traceHooks(firewall: Firewall, course: Course, packet: Packet, host: HostView): Trace {
  const { marks = [], judges } = course
  const path: PathStep[] = []
  const blockers: Outcome[] = []
  let mark: number | undefined = packet.fwmark ?? 0
  let byPolicy = true
  for (const base of chainsOf(firewall, [...marks, ...judges], packet)) {
    const walk = walkChain(base, { packet: seenBy(base, packet), host, mark })
    mark = walk.mark
    if (base.type === 'nat' || !judges.includes(base.hook)) continue
    path.push(...walk.path)
    const judged = judge(walk.outcomes)
    byPolicy &&= judged.end?.rule === undefined
    if (judged.verdict === 'drop' || judged.verdict === 'reject')
      return stopped(judged.verdict, base, judged.end, path)
    if (judged.verdict === 'undecided')
      blockers.push(...walk.outcomes.filter(({ verdict }) => verdict !== 'accept'))
  }
  const verdict = blockers.length > 0 ? 'undecided' : 'accept'
  return { verdict, byPolicy: byPolicy && verdict === 'accept', blockers, path }
}

function chainsOf(firewall: Firewall, hooks: readonly Hook[], packet: Packet): BaseChain[] {
  return hooks
    .flatMap((hook) => firewallChains(firewall, familyOf(packet), hook))
    .filter(({ type }) => type === 'filter' || packet.ctstate === 'new')
    .filter(({ devices = [] }) => devices.length === 0 || devices.some((name) => comesBy(name, packet)))
}

const comesBy = (device: string, packet: Packet): boolean =>
  interfaceIs('iif', device, '*')({ packet, host: {}, mark: undefined }) === 'yes'

interface Judgement {
  readonly verdict: Trace['verdict']
  /** The outcome that stands when nothing that is merely possible comes to pass. */
  readonly end: Outcome | undefined
}

function judge(outcomes: readonly Outcome[]): Judgement {
  const end = outcomes.at(-1)
  if (end === undefined || outcomes.every(({ verdict }) => verdict === 'accept'))
    return { verdict: 'accept', end }
  const stops = outcomes.every(({ verdict }) => verdict === 'drop' || verdict === 'reject')
  if (!stops) return { verdict: 'undecided', end }
  return { verdict: end.verdict === 'reject' ? 'reject' : 'drop', end }
}

function stopped(
  verdict: 'drop' | 'reject',
  base: BaseChain,
  end: Outcome | undefined,
  path: readonly PathStep[],
): Trace {
  const rule = end?.rule === undefined ? {} : { rule: end.rule }
  return {
    verdict,
    chain: base.at,
    hook: base.hook,
    ...rule,
    byPolicy: end?.rule === undefined,
    blockers: [],
    path,
  }
}

// include/uapi/linux/netfilter_ipv4.h
const PRIORITY_CONNTRACK = -200
const PRIORITY_DNAT = -100
const PRIORITY_SNAT = 100

// Before the routing decision there is no way out yet, before translation another destination, before conntrack no
// state; after translation perhaps another source.
function seenBy(base: BaseChain, packet: Packet): Packet {
  if (base.hook === 'postrouting' && base.priority > PRIORITY_SNAT) {
    const { src: _, sport: __, ...rest } = packet
    return rest
  }
  if (base.hook !== 'ingress' && base.hook !== 'prerouting') return packet
  const isUntracked = base.hook === 'ingress' || base.priority < PRIORITY_CONNTRACK
  const isTranslated = base.type === 'filter' && !isUntracked && base.priority >= PRIORITY_DNAT
  if (isTranslated) return { ...packet, oif: null }
  const { original, dst, dport, ctstate, ...rest } = { ...packet, oif: null }
  const untouched = directionOf(packet) === 'original' ? { dst, dport } : {}
  const state = isUntracked ? {} : { ctstate }
  return defined({ ...rest, ...(original ?? untouched), ...state })
}

/** Where its mark may have been set. */
function hooksBefore(hook: Hook, { iif }: Packet): readonly Hook[] {
  if (hook === 'prerouting') return ['ingress']
  if (hook !== 'postrouting') return []
  return iif === null ? ['output'] : [...ARRIVAL, 'forward']
}

function traceNat(firewall: Firewall, hook: Hook, packet: Packet, host: HostView): NatTrace {
  const possible: Outcome[] = []
  const path: PathStep[] = []
  let mark: number | undefined = packet.fwmark ?? 0
  for (const base of chainsOf(firewall, [...hooksBefore(hook, packet), hook], packet)) {
    const walk = walkChain(base, { packet: seenBy(base, packet), host, mark })
    const { outcomes } = walk
    mark = walk.mark
    if (base.type !== 'nat' || base.hook !== hook) continue
    path.push(...walk.path)
    const end = outcomes.at(-1)
    if (end?.nat !== undefined && outcomes.every(({ verdict }) => verdict === 'nat')) {
      return { verdict: end.nat.type, nat: end.nat, ...(end.rule && { rule: end.rule }), possible: [], path }
    }
    possible.push(...outcomes.filter(({ verdict }) => verdict === 'nat' || verdict === 'unknown'))
  }
  return { verdict: possible.length > 0 ? 'undecided' : 'none', possible, path }
}
