import { type JsonObject, objectAt, stringAt } from './json.ts'

/** What a rule does with a packet that it matches. */
export interface NftVerdict {
  readonly type: (typeof VERDICTS)[number]
  /** With `jump` and `goto`: the chain. */
  readonly chain?: string
}

const VERDICTS = [
  'accept',
  'drop',
  'reject',
  'return',
  'continue',
  'jump',
  'goto',
  'masquerade',
  'snat',
  'dnat',
  'redirect',
  'queue',
] as const

/** The verdict among a rule's expressions; undefined when there is none, or when a verdict map decides. */
export function verdictOf(expr: readonly JsonObject[]): NftVerdict | undefined {
  for (const expression of expr) {
    const type = VERDICTS.find((name) => Object.hasOwn(expression, name)) ?? targetOf(expression)
    if (type === undefined) continue
    const chain = stringAt(objectAt(expression, type) ?? {}, 'target')
    return chain === undefined ? { type } : { type, chain }
  }
  return undefined
}

// A target of iptables-nft that nft cannot show: only its name is known.
const XT_TARGETS: Readonly<Record<string, NftVerdict['type']>> = {
  REJECT: 'reject',
  MASQUERADE: 'masquerade',
  SNAT: 'snat',
  DNAT: 'dnat',
  REDIRECT: 'redirect',
  NFQUEUE: 'queue',
}

function targetOf(expression: JsonObject): NftVerdict['type'] | undefined {
  const xt = objectAt(expression, 'xt')
  if (xt === undefined || stringAt(xt, 'type') !== 'target') return undefined
  const name = stringAt(xt, 'name') ?? ''
  return Object.hasOwn(XT_TARGETS, name) ? XT_TARGETS[name] : undefined
}
