import type { PacketState } from './packet.ts'
import type { BaseChain, ChainRef, MarkChange, NatMapping, PathRule, RuleRef } from './program.ts'
import { all, type Ternary } from './ternary.ts'

/** One way in which a chain may end for a packet. */
export interface Outcome {
  readonly verdict: 'accept' | 'drop' | 'reject' | 'nat' | 'unknown'
  /** The base chain that the packet was in. */
  readonly chain: ChainRef
  /** Absent when it is the base chain's policy. */
  readonly rule?: RuleRef
  readonly nat?: NatMapping
}

/** A rule that matched, or may have. */
export interface PathStep {
  readonly rule: RuleRef
  readonly match: 'yes' | 'maybe'
}

export interface Walk {
  /** All ways in which it may end. Every one but the last rests on a `maybe`; a single one is certain. */
  readonly outcomes: readonly Outcome[]
  readonly path: readonly PathStep[]
  /** The packet's mark afterwards; undefined when not known. */
  readonly mark: number | undefined
}

/**
 * Walks a packet through a base chain and the chains it jumps to. Where a rule may or may not match, both ways are
 * followed, so that the outcomes are all that the rules allow.
 */
export function walkChain(base: BaseChain, state: PacketState): Walk {
  const walker = new Walker(base, state)
  // Where nft does not tell for which interface the chain is, the packet may pass it by.
  const mayMiss = base.devices?.length === 0
  if (mayMiss) walker.outcomes.push({ verdict: 'accept', chain: base.at })
  const comesBack = walker.run(base.rules, 0)
  if (comesBack) walker.outcomes.push({ verdict: base.policy, chain: base.at })
  const mark = mayMiss && walker.mark !== state.mark ? undefined : walker.mark
  return { outcomes: walker.outcomes, path: walker.path, mark }
}

// The kernel allows no loops and 16 levels (NFT_JUMP_STACK_SIZE); a text may claim anything.
const MAX_DEPTH = 32
const MAX_RULES = 50_000

/** Where a rule that matched sends the packet: to the rule after it, out of its chain, or nowhere any more. */
type Next = 'rule' | 'caller' | 'end'

class Walker {
  readonly outcomes: Outcome[] = []
  readonly path: PathStep[] = []
  mark: number | undefined
  readonly #base: BaseChain
  readonly #state: PacketState
  #rulesLeft = MAX_RULES
  #mayHaveLeft = false

  constructor(base: BaseChain, state: PacketState) {
    this.#base = base
    this.#state = state
    this.mark = state.mark
  }

  /** Whether the packet may come out of the chain again. */
  run(rules: readonly PathRule[], depth: number): boolean {
    let mayReturn = false
    for (const rule of rules) {
      if (this.#rulesLeft-- <= 0) return this.#giveUp(rule)
      const match = this.#match(rule)
      if (match === 'no') continue
      const next = this.#apply(rule, match, depth)
      if (next === 'caller') mayReturn = true
      if (match === 'maybe' && next !== 'rule' && !stops(rule)) this.#mayHaveLeft = true
      if (match === 'yes' && next !== 'rule') return mayReturn
    }
    return true
  }

  #match(rule: PathRule): Ternary {
    const state = { ...this.#state, mark: this.mark }
    return all(rule.tests.map((test) => test(state)))
  }

  #apply(rule: PathRule, match: 'yes' | 'maybe', depth: number): Next {
    const { action } = rule
    this.path.push({ rule: rule.at, match })
    if (rule.mark !== undefined) this.#setMark(rule.mark, match)
    if (action.type === 'continue') return 'rule'
    if (action.type === 'return') return 'caller'
    if (action.type === 'jump' || action.type === 'goto') return this.#enter(rule, action, match, depth)
    const nat = action.type === 'nat' ? { nat: action.nat } : {}
    this.outcomes.push({ verdict: action.type, chain: this.#base.at, rule: rule.at, ...nat })
    return action.type === 'unknown' ? 'rule' : 'end'
  }

  #enter(rule: PathRule, action: Jump, match: 'yes' | 'maybe', depth: number): Next {
    const rules = this.#base.chain(action.chain)
    const before = this.mark
    const comesBack =
      rules === undefined || depth >= MAX_DEPTH ? this.#giveUp(rule) : this.run(rules, depth + 1)
    if (match === 'maybe' && this.mark !== before) this.mark = undefined
    if (!comesBack) return 'end'
    return action.type === 'jump' ? 'rule' : 'caller'
  }

  #giveUp(rule: PathRule): true {
    this.outcomes.push({ verdict: 'unknown', chain: this.#base.at, rule: rule.at })
    return true
  }

  #setMark({ value, mask }: MarkChange, match: 'yes' | 'maybe'): void {
    // Where the packet may have left before, it may go on without this mark.
    const isCertain = match === 'yes' && !this.#mayHaveLeft
    const known = isCertain && value !== undefined && this.mark !== undefined
    this.mark = known ? (((this.mark ?? 0) & ~mask) | (value ?? 0)) >>> 0 : undefined
  }
}

const stops = ({ action }: PathRule): boolean => action.type === 'drop' || action.type === 'reject'

type Jump = Extract<PathRule['action'], { type: 'jump' | 'goto' }>
