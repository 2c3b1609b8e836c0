import { arrayAt, isObject, type JsonObject, member, objectAt, printed, stringAt } from './json.ts'

/**
 * A rule's expressions in about the words of nft's own language, to be shown to people. What has no short form is
 * shown as JSON.
 */
export function formatNftRule(expr: readonly JsonObject[]): string {
  return expr.map(statement).join(' ')
}

// Deep enough for anything nft prints; JSON nested on purpose must not exhaust the stack.
const MAX_DEPTH = 12

function statement(expression: JsonObject): string {
  const [key = '', value] = Object.entries(expression)[0] ?? []
  if (key === 'counter') return typeof value === 'string' ? `counter name "${value}"` : 'counter'
  if (!isObject(value)) return value === null || value === undefined ? key : printed(expression)
  if (key === 'match') return match(value)
  if (key === 'jump' || key === 'goto') return `${key} ${stringAt(value, 'target') ?? '?'}`
  if (key === 'xt') return stringAt(value, 'name') ?? 'xt'
  if (key === 'log') return `log prefix ${JSON.stringify(stringAt(value, 'prefix') ?? '')}`
  if (key === 'ct count') return `ct count ${overOf(value)}${printed(member(value, 'val'))}`
  if (key === 'limit') return limit(value)
  // Without what is used of it, which is no part of the rule.
  if (key === 'quota')
    return `quota ${overOf(value)}${printed(member(value, 'val'))} ${printed(member(value, 'val_unit'))}`
  if (key === 'reject')
    return ['reject with', member(value, 'type'), member(value, 'expr')].filter(isText).join(' ')
  if (key === 'dnat' || key === 'snat' || key === 'redirect') return translation(key, value)
  if (key === 'set') return setStatement(value)
  if (key === 'mangle') return `${operand(member(value, 'key'))} set ${operand(member(value, 'value'))}`
  if (key === 'vmap') return `${operand(member(value, 'key'))} vmap ${operand(member(value, 'data'))}`
  return printed(expression)
}

/** nft asks whether there are no more; `inv` asks whether there are. */
const overOf = (value: JsonObject): string => (member(value, 'inv') === true ? 'over ' : '')

function limit(value: JsonObject): string {
  const unit = stringAt(value, 'rate_unit') ?? 'packets'
  const rate = [member(value, 'rate'), unit === 'packets' ? undefined : unit].filter(isText).join(' ')
  return `limit rate ${overOf(value)}${rate}/${stringAt(value, 'per') ?? '?'}`
}

/** `add @s { ip saddr limit rate over 10/second }` */
function setStatement(value: JsonObject): string {
  const element = member(value, 'elem')
  const wrapped = isObject(element) ? objectAt(element, 'elem') : undefined
  const [timeout, stmt] = [member(wrapped ?? {}, 'timeout'), arrayAt(value, 'stmt').filter(isObject)]
  const parts = [
    operand(wrapped ? member(wrapped, 'val') : element),
    isText(timeout) ? `timeout ${timeout}s` : '',
    ...stmt.map(statement),
  ].filter((part) => part !== '')
  return `${stringAt(value, 'op') ?? 'add'} ${stringAt(value, 'set') ?? '?'} { ${parts.join(' ')} }`
}

function match(value: JsonObject): string {
  const op = stringAt(value, 'op')
  const words = [
    operand(member(value, 'left')),
    op === '==' || op === 'in' ? '' : op,
    operand(member(value, 'right')),
  ]
  return words.filter((word) => word !== '').join(' ')
}

function translation(key: string, value: JsonObject): string {
  const [addr, port] = [member(value, 'addr'), member(value, 'port')]
  return `${key} to ${addr === undefined ? '' : operand(addr)}${port === undefined ? '' : `:${operand(port)}`}`
}

function operand(value: unknown, depth = 0): string {
  if (depth > MAX_DEPTH) return '…'
  if (Array.isArray(value)) return value.map((item) => operand(item, depth + 1)).join(',')
  if (!isObject(value)) return printed(value)
  return known(value, depth) ?? printed(value)
}

function known(value: JsonObject, depth: number): string | undefined {
  const inner = (item: unknown) => operand(item, depth + 1)
  const [meta, payload, ct, prefix] = ['meta', 'payload', 'ct', 'prefix'].map((key) => objectAt(value, key))
  if (meta !== undefined) return named(printed(member(meta, 'key')))
  if (payload !== undefined)
    return `${printed(member(payload, 'protocol'))} ${printed(member(payload, 'field'))}`
  if (ct !== undefined) return ['ct', member(ct, 'dir'), member(ct, 'key')].filter(isText).join(' ')
  if (prefix !== undefined) return `${printed(member(prefix, 'addr'))}/${printed(member(prefix, 'len'))}`
  if (Object.hasOwn(value, 'range')) return arrayAt(value, 'range').map(inner).join('-')
  if (Object.hasOwn(value, 'concat')) return arrayAt(value, 'concat').map(inner).join(' . ')
  if (Object.hasOwn(value, 'set')) return `{ ${arrayAt(value, 'set').map(inner).join(', ')} }`
  if (Object.hasOwn(value, '&')) return arrayAt(value, '&').map(inner).join(' & ')
  return undefined
}

// These two are written without `meta`.
function named(key: string): string {
  return ['iifname', 'oifname', 'iif', 'oif'].includes(key) ? key : `meta ${key}`
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number'
}
