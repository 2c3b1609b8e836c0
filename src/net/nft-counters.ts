/** What the rules of nftables have stopped, where they count it. iptables-nft's own tables are left to iptables-save, which shows their rules better. */
import { isObject, type JsonObject, member, numberAt, objectAt, stringAt } from './json.ts'
import { nftOwner } from './nft-owner.ts'
import type { NftChain, NftRule, NftRuleset, NftTable } from './nftables.ts'
import type { Hook } from './path/program.ts'
import type { StopCounter } from './rule-counters.ts'

const FAMILIES: ReadonlySet<string> = new Set(['ip', 'inet', 'bridge'])
/** What is for this host itself, or of it, says nothing about packets that are passed on. */
const FORWARD: readonly Hook[] = ['forward']
/** To a bridge the host is one more port. */
const isPassed = (table: NftTable, { hook }: NftChain, hooks: readonly Hook[]): boolean =>
  hook !== undefined && (table.family === 'bridge' || (hooks as readonly string[]).includes(hook))
/** What asks for IPv6 stops no IPv4 packet. */
const asksForIpv6 = ({ raw }: NftRule): boolean => /\bip6\b|\bipv6\b|\bicmpv6\b/.test(raw)

/**
 * Rules, and policies of chains that end in a counter, which stop IPv4 packets on the given hooks. A counter that counts before the rule has
 * asked all that it asks counts others, too, and is left out, as is a named one that a rule of another kind uses.
 */
export function nftStopCounters({ tables }: NftRuleset, hooks: readonly Hook[] = FORWARD): StopCounter[] {
  return tables
    .filter((table) => FAMILIES.has(table.family) && nftOwner(table) !== 'iptables')
    .flatMap((table) => {
      const passed = passedChains(table, hooks)
      const counted = table.chains.flatMap((chain) => countedIn(chain, passed.has(chain.name)))
      return [
        ...counted.flatMap((one): StopCounter[] =>
          one.stops && one.packets !== null ? [stopOf(table, [one], one.packets)] : [],
        ),
        ...Object.entries(table.counters).flatMap(([name, packets]): StopCounter[] => {
          const users = counted.filter((one) => one.name === name)
          return users.length > 0 && users.every(({ stops }) => stops) ? [stopOf(table, users, packets)] : []
        }),
      ]
    })
}

/** A counter as a rule uses it: one of its own with so many packets, or one that has a name. */
interface Counted {
  readonly chain: string
  readonly rule: string
  readonly byPolicy: boolean
  /** What it counts is stopped, and is passed on otherwise. */
  readonly stops: boolean
  readonly packets: number | null
  readonly name: string | null
}

function countedIn(chain: NftChain, isPassed: boolean): Counted[] {
  return chain.rules.flatMap((rule) => {
    if (asksForIpv6(rule)) return []
    const isLast = rule.position === chain.rules.length
    const byPolicy = isLast && chain.policy === 'drop' && leavesToPolicy(rule)
    const end = rule.expr.findIndex((one) => STOPS.some((name) => Object.hasOwn(one, name)))
    return rule.expr.flatMap((one, at): Counted[] => {
      if (!Object.hasOwn(one, 'counter')) return []
      const rest = rule.expr.slice(at + 1, end < 0 ? undefined : end)
      return [
        {
          chain: chain.name,
          rule: byPolicy ? `the policy of ${chain.name}` : rule.raw,
          byPolicy,
          stops: isPassed && (byPolicy || end > at) && rest.every(isQuiet),
          packets: numberAt(objectAt(one, 'counter') ?? {}, 'packets') ?? null,
          name: stringAt(one, 'counter') ?? null,
        },
      ]
    })
  })
}

const STOPS = ['drop', 'reject'] as const
/** Statements that neither ask nor decide (nft(8)). */
const QUIET: ReadonlySet<string> = new Set(['counter', 'log', 'mangle'])
const isQuiet = (one: JsonObject): boolean => Object.keys(one).every((key) => QUIET.has(key))
/** All packets come to it, and go on to the policy. */
const leavesToPolicy = ({ expr }: NftRule): boolean => expr.every(isQuiet)

const stopOf = (table: NftTable, users: readonly Counted[], packets: number): StopCounter => ({
  table: `${table.family} ${table.name}`,
  chain: [...new Set(users.map(({ chain }) => chain))].join(', '),
  rule: [...new Set(users.map(({ rule }) => rule))].join(' or '),
  ...(users.every(({ byPolicy }) => byPolicy) ? { isPolicy: true } : {}),
  packets,
})

/** The chains that a packet on these hooks may come to. */
function passedChains(table: NftTable, hooks: readonly Hook[]): ReadonlySet<string> {
  const reached = new Set(
    table.chains.filter((chain) => isPassed(table, chain, hooks)).map(({ name }) => name),
  )
  // A set that grows while it is walked is walked to its end.
  for (const name of reached) {
    const rules = table.chains.find((chain) => chain.name === name)?.rules ?? []
    for (const next of rules.flatMap(({ expr }) => targetsIn(expr, table))) reached.add(next)
  }
  return reached
}

/** Deep enough for anything nft prints; JSON nested on purpose must not exhaust the stack. */
const MAX_DEPTH = 12

/** Where a rule may jump or go, by itself or by a map of verdicts. */
function targetsIn(value: unknown, table: NftTable, depth = 0): string[] {
  if (depth > MAX_DEPTH) return []
  if (typeof value === 'string' && value.startsWith('@'))
    return targetsIn(table.sets[value.slice(1)]?.elements, table, depth + 1)
  if (Array.isArray(value)) return value.flatMap((one) => targetsIn(one, table, depth + 1))
  if (!isObject(value)) return []
  return Object.keys(value).flatMap((key) => {
    const target =
      key === 'jump' || key === 'goto' ? stringAt(objectAt(value, key) ?? {}, 'target') : undefined
    return target === undefined ? targetsIn(member(value, key), table, depth + 1) : [target]
  })
}
