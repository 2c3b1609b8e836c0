import {
  arrayAt,
  isObject,
  type JsonObject,
  member,
  numberAt,
  objectAt,
  parseJson,
  stringAt,
} from './json.ts'
import { formatNftRule } from './nft-text.ts'
import { type NftVerdict, verdictOf } from './nft-verdict.ts'
import { ParseError } from './parse-error.ts'
import { defined, emptyRecord } from './record.ts'

/** What `nft -j list ruleset` printed. */
export interface NftRuleset {
  /** nft's own version, e.g. `1.0.6`. */
  readonly version?: string
  readonly tables: readonly NftTable[]
}

export interface NftTable {
  /** `ip`, `ip6`, `inet`, `arp`, `bridge`, `netdev`. */
  readonly family: string
  readonly name: string
  readonly handle?: number
  readonly chains: readonly NftChain[]
  /** Sets and maps by name; maps have pairs of key and value as elements. */
  readonly sets: Readonly<Record<string, NftSet>>
  /** Named counters: how many packets each has counted. */
  readonly counters: Readonly<Record<string, number>>
}

export interface NftChain {
  readonly name: string
  readonly handle?: number
  /** `filter`, `nat`, `route`; this and the next three only on base chains, which hang on a hook. */
  readonly type?: string
  /** `prerouting`, `input`, `forward`, `output`, `postrouting`, `ingress`. */
  readonly hook?: string
  /** Chains on a hook run from the lowest number up. */
  readonly prio?: number
  /** The interfaces of a chain on hook ingress; versions before 1.0.8 do not tell them. */
  readonly devices?: readonly string[]
  /** `accept` when a base chain does not say. */
  readonly policy?: string
  readonly rules: readonly NftRule[]
}

export interface NftRule {
  readonly handle?: number
  /** 1-based place in its chain. */
  readonly position: number
  /** The rule in about the words of nft's own language, for people. */
  readonly raw: string
  readonly comment?: string
  /** nft's expressions as they are; what they mean is not judged here. */
  readonly expr: readonly JsonObject[]
  /** The statement that ends the rule, when there is a single plain one. */
  readonly verdict?: NftVerdict
}

export interface NftSet {
  readonly name: string
  /** `ipv4_addr`, `ifname`, …, or `concat` for more than one. */
  readonly type?: string
  readonly elements: readonly unknown[]
  /** Present on maps: what the values are, e.g. `verdict`. */
  readonly map?: string
  /** Each element has a limit, a quota or the like of its own, which is asked, too. */
  readonly asks?: true
}

/**
 * Reads `nft -j list ruleset`. Objects of unknown kinds are left out, unknown expressions are kept in their rules.
 *
 * @throws {ParseError} when the text is not JSON or has no `nftables` array. An empty text is an empty rule set.
 */
export function parseNftRuleset(text: string): NftRuleset {
  if (text.trim() === '') return { tables: [] }
  const root = parseJson(text, FORMAT)
  if (!isObject(root) || !Array.isArray(member(root, 'nftables')))
    throw new ParseError(FORMAT, 'no "nftables" array')
  const tables = new Map<string, TableDraft>()
  let version: string | undefined
  for (const entry of arrayAt(root, 'nftables')) {
    if (!isObject(entry)) continue
    version ??= stringAt(objectAt(entry, 'metainfo') ?? {}, 'version')
    addEntry(tables, entry)
  }
  return defined({ version, tables: [...tables.values()] })
}

/** The chains that hang on a hook, over all tables, in the order in which the kernel runs them. */
export function baseChains(
  ruleset: NftRuleset,
  hook: string,
): { readonly table: NftTable; readonly chain: NftChain }[] {
  return ruleset.tables
    .flatMap((table) =>
      table.chains.filter((chain) => chain.hook === hook).map((chain) => ({ table, chain })),
    )
    .sort((a, b) => (a.chain.prio ?? 0) - (b.chain.prio ?? 0))
}

const FORMAT = 'nft -j list ruleset'

interface ChainDraft extends Omit<NftChain, 'rules'> {
  rules: NftRule[]
}
interface TableDraft extends Omit<NftTable, 'chains' | 'handle'> {
  handle?: number
  chains: ChainDraft[]
  sets: Record<string, NftSet>
  counters: Record<string, number>
}

function addEntry(tables: Map<string, TableDraft>, entry: JsonObject): void {
  const table = objectAt(entry, 'table')
  const chain = objectAt(entry, 'chain')
  const rule = objectAt(entry, 'rule')
  const set = objectAt(entry, 'set') ?? objectAt(entry, 'map')
  const counter = objectAt(entry, 'counter')
  if (table !== undefined) Object.assign(tableOf(tables, table, 'name') ?? {}, handleOf(table))
  else if (chain !== undefined) addChain(tableOf(tables, chain, 'table'), chain)
  else if (rule !== undefined) addRule(tableOf(tables, rule, 'table'), rule)
  else if (set !== undefined) addSet(tableOf(tables, set, 'table'), set)
  else if (counter !== undefined) addCounter(tableOf(tables, counter, 'table'), counter)
}

function tableOf(tables: Map<string, TableDraft>, entry: JsonObject, key: string): TableDraft | undefined {
  const [family, name] = [stringAt(entry, 'family'), stringAt(entry, key)]
  if (family === undefined || name === undefined) return undefined
  const id = `${family} ${name}`
  const table = tables.get(id) ?? { family, name, chains: [], sets: emptyRecord(), counters: emptyRecord() }
  tables.set(id, table)
  return table
}

function addChain(table: TableDraft | undefined, entry: JsonObject): void {
  const name = stringAt(entry, 'name')
  if (table === undefined || name === undefined) return
  Object.assign(
    chainNamed(table, name),
    defined({
      ...handleOf(entry),
      type: stringAt(entry, 'type'),
      hook: stringAt(entry, 'hook'),
      prio: numberAt(entry, 'prio'),
      policy: stringAt(entry, 'policy'),
      devices: devicesOf(entry),
    }),
  )
}

function addRule(table: TableDraft | undefined, entry: JsonObject): void {
  const chainName = stringAt(entry, 'chain')
  if (table === undefined || chainName === undefined) return
  const { rules } = chainNamed(table, chainName)
  const expr = arrayAt(entry, 'expr').filter(isObject)
  rules.push(
    defined({
      ...handleOf(entry),
      position: rules.length + 1,
      raw: formatNftRule(expr),
      comment: stringAt(entry, 'comment'),
      expr,
      verdict: verdictOf(expr),
    }),
  )
}

function addSet(table: TableDraft | undefined, entry: JsonObject): void {
  const name = stringAt(entry, 'name')
  if (table === undefined || name === undefined) return
  const type = Array.isArray(member(entry, 'type')) ? 'concat' : stringAt(entry, 'type')
  const asks = arrayAt(entry, 'stmt').some((one) => isObject(one) && !Object.hasOwn(one, 'counter'))
  table.sets[name] = defined({
    ...{ name, type, elements: arrayAt(entry, 'elem'), map: stringAt(entry, 'map') },
    asks: asks ? (true as const) : undefined,
  })
}

function addCounter(table: TableDraft | undefined, entry: JsonObject): void {
  const [name, packets] = [stringAt(entry, 'name'), numberAt(entry, 'packets')]
  if (table !== undefined && name !== undefined && packets !== undefined) table.counters[name] = packets
}

/** `"dev": "eth0"`, or a list of them. */
function devicesOf(entry: JsonObject): readonly string[] | undefined {
  const one = stringAt(entry, 'dev')
  const many = arrayAt(entry, 'dev').filter((name) => typeof name === 'string')
  return one === undefined ? (many.length > 0 ? many : undefined) : [one]
}

function chainNamed(table: TableDraft, name: string): ChainDraft {
  const known = table.chains.find((chain) => chain.name === name)
  if (known !== undefined) return known
  const chain: ChainDraft = { name, rules: [] }
  table.chains.push(chain)
  return chain
}

function handleOf(entry: JsonObject): { handle?: number } {
  return defined({ handle: numberAt(entry, 'handle') })
}
