import { atLeast } from '../../versions.ts'
import type { Family } from '../cidr.ts'
import type { IptablesChain, IptablesRule, IptablesRules, IptablesTable } from '../iptables.ts'
import { defined } from '../record.ts'
import { iptablesTests } from './iptables-tests.ts'
import type {
  Action,
  Backend,
  BaseChain,
  ChainRef,
  Hook,
  MarkChange,
  NatMapping,
  PathRule,
} from './program.ts'
import { nftFamily } from './program.ts'

/** The base chains that an iptables-save output puts on a hook. */
export function iptablesBaseChains(rules: IptablesRules, family: Family, hook: Hook): BaseChain[] {
  return Object.values(rules.tables).flatMap((table) => {
    const priority = PRIORITIES.get(`${table.name} ${hook}`)
    const chain = table.chains[hook.toUpperCase()]
    if (priority === undefined || chain === undefined) return []
    return [baseChain({ rules, table, family, hook, priority }, chain)]
  })
}

// include/uapi/linux/netfilter_ipv4.h: enum nf_ip_hook_priorities
const PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['raw prerouting', -300],
  ['raw output', -300],
  ['mangle prerouting', -150],
  ['mangle input', -150],
  ['mangle forward', -150],
  ['mangle output', -150],
  ['mangle postrouting', -150],
  ['nat prerouting', -100],
  ['nat output', -100],
  ['nat input', 100],
  ['nat postrouting', 100],
  ['filter input', 0],
  ['filter forward', 0],
  ['filter output', 0],
  ['security input', 50],
  ['security forward', 50],
  ['security output', 50],
])

interface Place {
  readonly rules: IptablesRules
  readonly table: IptablesTable
  readonly family: Family
  readonly hook: Hook
  readonly priority: number
}

function baseChain(place: Place, chain: IptablesChain): BaseChain {
  const { table, hook, priority } = place
  const lowered = new Map<string, readonly PathRule[]>()
  const lower = (name: string): readonly PathRule[] | undefined => {
    const found = lowered.get(name) ?? table.chains[name]?.rules.map((rule) => pathRule(place, name, rule))
    if (found !== undefined) lowered.set(name, found)
    return found
  }
  return {
    at: chainRef(place, chain.name),
    hook,
    type: table.name === 'nat' ? 'nat' : 'filter',
    priority,
    policy: chain.policy === 'DROP' ? 'drop' : 'accept',
    rules: lower(chain.name) ?? [],
    chain: lower,
  }
}

function chainRef({ rules, table, family }: Place, chain: string): ChainRef {
  return { backend: backendOf(rules), family: nftFamily(family), table: table.name, chain }
}

/** Before 1.8.0 there was one backend, and no program named after it. @see https://git.netfilter.org/iptables/tag/?h=v1.8.0 */
function backendOf({ backend, version }: IptablesRules): Backend {
  const isAlone = version !== undefined && !atLeast(version, '1.8.0')
  return backend === undefined || isAlone ? 'iptables' : `iptables-${backend}`
}

function pathRule(place: Place, chain: string, rule: IptablesRule): PathRule {
  const { line, position, raw, comment } = rule
  return defined({
    at: defined({ ...chainRef(place, chain), line, position, raw, comment }),
    tests: iptablesTests(rule.matches),
    mark: markChange(rule),
    action: action(place.table, rule),
  })
}

// Targets after which evaluation goes on with the next rule (iptables-extensions(8)).
// biome-ignore format: one list, not a page
const CONTINUING = new Set([
  'LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'CONNSECMARK', 'SECMARK', 'TCPMSS', 'TCPOPTSTRIP', 'CT', 'NOTRACK',
  'CLASSIFY', 'TOS', 'DSCP', 'TTL', 'HL', 'ECN', 'SET', 'TRACE', 'AUDIT', 'CHECKSUM', 'IDLETIMER', 'LED', 'RATEEST',
  'TEE', 'HMARK',
])

function action(table: IptablesTable, rule: IptablesRule): Action {
  const { target } = rule
  if (target === undefined) return { type: 'continue' }
  if (table.chains[target] !== undefined) return { type: rule.goto ? 'goto' : 'jump', chain: target }
  if (target === 'ACCEPT' || target === 'DROP' || target === 'REJECT' || target === 'RETURN') {
    return { type: target.toLowerCase() as 'accept' | 'drop' | 'reject' | 'return' }
  }
  if (CONTINUING.has(target)) return { type: 'continue' }
  const nat = natMapping(rule)
  return nat === undefined ? { type: 'unknown' } : { type: 'nat', nat }
}

function natMapping(rule: IptablesRule): NatMapping | undefined {
  switch (rule.target) {
    case 'MASQUERADE':
      return { type: 'masquerade' }
    case 'REDIRECT':
      return defined({ type: 'redirect', port: number(option(rule, '--to-ports')) })
    case 'SNAT':
      return { type: 'snat', ...endpoint(option(rule, '--to-source')) }
    case 'DNAT':
      return { type: 'dnat', ...endpoint(option(rule, '--to-destination')) }
    default:
      return undefined
  }
}

// `172.17.0.2:80`, `[fd00::2]:80`, `fd00::2`, `10.0.0.1-10.0.0.5`, `:8080`
function endpoint(text = ''): { to?: string; port?: number } {
  const bracket = text.indexOf(']')
  const colon = text.lastIndexOf(':')
  const bareIpv6 = bracket === -1 && colon !== text.indexOf(':')
  const end = colon <= bracket || bareIpv6 ? text.length : colon
  const to = text.slice(0, end).replace(/[[\]]/g, '')
  return defined({ to: to === '' ? undefined : to, port: number(text.slice(end + 1)) })
}

/** `MARK --set-xmark value/mask`: the mask's bits are cleared, the value's are then toggled. */
function markChange(rule: IptablesRule): MarkChange | undefined {
  if (rule.target === 'CONNMARK') {
    return rule.targetOptions.some(({ option: name }) => name === '--restore-mark') ? UNKNOWN_MARK : undefined
  }
  if (rule.target === 'HMARK') return UNKNOWN_MARK
  if (rule.target !== 'MARK') return undefined
  const [value, mask] = (option(rule, '--set-xmark') ?? option(rule, '--set-mark') ?? '').split('/')
  const numbers = { value: Number(value || Number.NaN), mask: Number(mask ?? 0xffffffff) }
  const overlapping = (numbers.value & ~numbers.mask) === 0
  return Number.isInteger(numbers.value) && Number.isInteger(numbers.mask) && overlapping
    ? numbers
    : UNKNOWN_MARK
}

const UNKNOWN_MARK: MarkChange = { value: undefined, mask: 0xffffffff }

function option(rule: IptablesRule, name: string): string | undefined {
  return rule.targetOptions.find((match) => match.option === name)?.values[0]
}

function number(text: string | undefined): number | undefined {
  const [digits] = /^\d+/.exec(text ?? '') ?? []
  return digits === undefined ? undefined : Number(digits)
}
