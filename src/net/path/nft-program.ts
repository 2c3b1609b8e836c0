import type { Family } from '../cidr.ts'
import { arrayAt, isObject, type JsonObject, member, numberAt, objectAt, stringAt } from '../json.ts'
import type { NftChain, NftRule, NftTable } from '../nftables.ts'
import { defined } from '../record.ts'
import { impliedTest, matchTest, valueTest } from './nft-tests.ts'
import { unknown } from './packet-tests.ts'
import type { Action, BaseChain, ChainRef, Hook, MarkChange, NatMapping, PathRule, Test } from './program.ts'
import { nftFamily } from './program.ts'

/** The base chains that an nftables table puts on a hook for packets of an IP version. */
export function nftBaseChains(table: NftTable, family: Family, hook: Hook): BaseChain[] {
  const families = ['inet', hook === 'ingress' ? 'netdev' : nftFamily(family)]
  if (!families.includes(table.family)) return []
  const lowered = new Map<string, readonly PathRule[]>()
  const lower = (name: string): readonly PathRule[] | undefined => {
    const chain = table.chains.find((candidate) => candidate.name === name)
    const rules = lowered.get(name) ?? chain?.rules.flatMap((rule) => pathRules(table, name, rule))
    if (rules !== undefined) lowered.set(name, rules)
    return rules
  }
  return table.chains
    .filter((chain) => chain.hook === hook)
    .map((chain) => baseChain(table, chain, hook, lower))
}

function baseChain(table: NftTable, chain: NftChain, hook: Hook, lower: BaseChain['chain']): BaseChain {
  return defined({
    at: chainRef(table, chain.name),
    hook,
    devices: hook === 'ingress' ? (chain.devices ?? []) : undefined,
    type: chain.type === 'nat' ? ('nat' as const) : ('filter' as const),
    priority: chain.prio ?? 0,
    policy: chain.policy === 'drop' ? ('drop' as const) : ('accept' as const),
    rules: lower(chain.name) ?? [],
    chain: lower,
  })
}

function chainRef(table: NftTable, chain: string): ChainRef {
  return { backend: 'nftables', family: table.family, table: table.name, chain }
}

// A verdict map becomes one rule for each of its entries; all stand at the same place.
function pathRules(table: NftTable, chain: string, rule: NftRule): PathRule[] {
  const { handle, position, raw, comment } = rule
  const at = defined({ ...chainRef(table, chain), handle, position, raw, comment })
  const tests = rule.expr.flatMap((expression) => testOf(expression, table))
  const mark = rule.expr.map(markChange).find((change) => change !== undefined)
  const vmap = rule.expr
    .map((expression) => objectAt(expression, 'vmap'))
    .find((found) => found !== undefined)
  const branches =
    vmap === undefined ? [{ tests: [], action: actionOf(rule.expr) }] : vmapBranches(vmap, table)
  return branches.map((branch) =>
    defined({ at, tests: [...tests, ...branch.tests], mark, action: branch.action }),
  )
}

interface Branch {
  readonly tests: readonly Test[]
  readonly action: Action
}

function vmapBranches(vmap: JsonObject, table: NftTable): Branch[] {
  const [key, data] = [member(vmap, 'key'), member(vmap, 'data')]
  const pairs = pairsOf(data, table)
  if (pairs === undefined) return [{ tests: [unknown], action: { type: 'unknown' } }]
  return pairs.map(([value, verdict]) => ({
    tests: [impliedTest(key), valueTest(key, value, table)],
    action: isObject(verdict) ? actionOf([verdict]) : { type: 'unknown' },
  }))
}

function pairsOf(data: unknown, table: NftTable): (readonly [unknown, unknown])[] | undefined {
  const named = typeof data === 'string' ? table.sets[data.replace(/^@/, '')]?.elements : undefined
  const elements = named ?? (isObject(data) ? arrayAt(data, 'set') : undefined)
  return elements
    ?.filter((pair) => Array.isArray(pair))
    .map((pair) => [elementValue(pair[0]), pair[1]] as const)
}

function elementValue(element: unknown): unknown {
  const wrapped = isObject(element) ? objectAt(element, 'elem') : undefined
  return wrapped === undefined ? element : member(wrapped, 'val')
}

// Statements that neither ask nor decide (nft(8), libnftables-json(5)).
// biome-ignore format: one list, not a page
const SILENT = new Set([
  'counter', 'log', 'mangle', 'notrack', 'add', 'update', 'delete', 'ct helper', 'ct timeout',
  'ct expectation', 'flow', 'dup', 'secmark', 'last', 'vmap', 'tcp option', 'optstrip',
])
// biome-ignore format: one list, not a page
const DECIDING = new Set([
  'accept', 'drop', 'reject', 'return', 'continue', 'jump', 'goto', 'masquerade', 'snat', 'dnat', 'redirect', 'queue',
  'tproxy', 'synproxy', 'fwd',
])

function testOf(expression: JsonObject, table: NftTable): Test[] {
  const match = objectAt(expression, 'match')
  if (match !== undefined) return [matchTest(match, table)]
  const [key = ''] = Object.keys(expression)
  if (SILENT.has(key) || DECIDING.has(key)) return []
  if (key === 'set' || key === 'map') return asksOfElement(objectAt(expression, key), table) ? [unknown] : []
  const xt = objectAt(expression, 'xt')
  if (xt !== undefined && stringAt(xt, 'type') === 'target') return []
  if (xt !== undefined && stringAt(xt, 'name') === 'comment') return []
  return [unknown] // limit, quota, connlimit, a match of iptables that nft cannot show, or something new
}

/** `add @s { ip saddr limit rate over 10/second }` asks for what the set has counted of this element. */
function asksOfElement(statement: JsonObject | undefined, table: NftTable): boolean {
  const name = stringAt(statement ?? {}, 'set')?.replace(/^@/, '') ?? ''
  const own = arrayAt(statement ?? {}, 'stmt').filter(isObject)
  return own.some((one) => !SILENT.has(Object.keys(one)[0] ?? '')) || table.sets[name]?.asks === true
}

function actionOf(expr: readonly JsonObject[]): Action {
  for (const expression of expr) {
    const action = plainAction(expression) ?? natAction(expression) ?? xtAction(expression)
    if (action !== undefined) return action
  }
  return { type: 'continue' }
}

const PLAIN = ['accept', 'drop', 'reject', 'return', 'continue'] as const

function plainAction(expression: JsonObject): Action | undefined {
  const plain = PLAIN.find((type) => Object.hasOwn(expression, type))
  if (plain !== undefined) return { type: plain }
  for (const type of ['jump', 'goto'] as const) {
    const chain = stringAt(objectAt(expression, type) ?? {}, 'target')
    if (chain !== undefined) return { type, chain }
  }
  const deciding = Object.keys(expression).some((key) => ['queue', 'tproxy', 'synproxy', 'fwd'].includes(key))
  return deciding ? { type: 'unknown' } : undefined
}

function natAction(expression: JsonObject): Action | undefined {
  for (const type of ['masquerade', 'snat', 'dnat', 'redirect'] as const) {
    if (!Object.hasOwn(expression, type)) continue
    const value = objectAt(expression, type) ?? {}
    if (type === 'redirect' && objectAt(value, 'port') !== undefined) return { type: 'unknown' }
    return { type: 'nat', nat: defined({ type, to: stringAt(value, 'addr'), port: numberAt(value, 'port') }) }
  }
  return undefined
}

const XT_NAT: Readonly<Record<string, NatMapping['type']>> = {
  MASQUERADE: 'masquerade',
  SNAT: 'snat',
  DNAT: 'dnat',
  REDIRECT: 'redirect',
}
const XT_CONTINUING = [
  'LOG',
  'NFLOG',
  'MARK',
  'CONNMARK',
  'TCPMSS',
  'CT',
  'CHECKSUM',
  'SET',
  'TRACE',
  'CLASSIFY',
]

function xtAction(expression: JsonObject): Action | undefined {
  const xt = objectAt(expression, 'xt')
  if (xt === undefined || stringAt(xt, 'type') !== 'target') return undefined
  const name = stringAt(xt, 'name') ?? ''
  const nat = Object.hasOwn(XT_NAT, name) ? XT_NAT[name] : undefined
  if (nat !== undefined) return { type: 'nat', nat: { type: nat } }
  if (name === 'REJECT') return { type: 'reject' }
  return { type: XT_CONTINUING.includes(name) ? 'continue' : 'unknown' }
}

function markChange(expression: JsonObject): MarkChange | undefined {
  const mangle = objectAt(expression, 'mangle')
  const key = objectAt(mangle ?? {}, 'key')
  const xt = objectAt(expression, 'xt')
  const marksUnseen = xt !== undefined && ['MARK', 'CONNMARK'].includes(stringAt(xt, 'name') ?? '')
  if (marksUnseen) return { value: undefined, mask: 0xffffffff }
  if (stringAt(objectAt(key ?? {}, 'meta') ?? {}, 'key') !== 'mark') return undefined
  return { value: numberAt(mangle ?? {}, 'value'), mask: 0xffffffff }
}
