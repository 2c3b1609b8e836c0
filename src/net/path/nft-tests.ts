import { arrayAt, isObject, type JsonObject, member, numberAt, objectAt, stringAt } from '../json.ts'
import type { NftTable } from '../nftables.ts'
import {
  addressTypeIn,
  comesRight,
  directionIs,
  icmpTypeIs,
  inBlock,
  inRange,
  interfaceIs,
  isFamily,
  markIs,
  negated,
  never,
  originalDst,
  portIn,
  protocolIs,
  stateIn,
  tcpFlagsAre,
  unknown,
} from './packet-tests.ts'
import type { Test } from './program.ts'
import { all, any, fromBoolean, not, type Ternary } from './ternary.ts'

/** The question that a `match` expression asks. */
export function matchTest(match: JsonObject, table: NftTable): Test {
  const [left, op] = [member(match, 'left'), stringAt(match, 'op')]
  if (op !== '==' && op !== '!=' && op !== 'in') return unknown
  const equal = valueTest(left, member(match, 'right'), table)
  const implied = impliedTest(left)
  const test = negated(op === '!=', equal)
  return (state) => all([implied(state), test(state)])
}

/**
 * Whether what `left` looks at (a field, or several concatenated) is `right`: a value, a range, a prefix, any of a
 * set. What is not understood is `maybe`.
 */
export function valueTest(left: unknown, right: unknown, table: NftTable): Test {
  const choices = choicesOf(right, table)
  if (choices === undefined) return unknown
  const tests = choices.map((choice) => singleTest(left, choice))
  return (state) => any(tests.map((test) => test(state)))
}

/** What a field implies: `tcp dport` is asked of TCP packets only, and no other packet matches, `!=` or not. */
export function impliedTest(left: unknown): Test {
  if (!isObject(left)) return always
  const parts = Object.hasOwn(left, 'concat') ? arrayAt(left, 'concat').map(impliedTest) : [implied(left)]
  return (state) => all(parts.map((part) => part(state)))
}

const always: Test = () => 'yes'

function implied(left: JsonObject): Test {
  const inner = arrayAt(left, '&')[0]
  const payload = objectAt(isObject(inner) ? inner : left, 'payload')
  const protocol = payload === undefined ? undefined : stringAt(payload, 'protocol')
  if (protocol === 'ip' || protocol === 'icmp') return isFamily(4)
  if (protocol === 'ip6' || protocol === 'icmpv6') return isFamily(6)
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' || protocol === 'dccp'
    ? protocolIs(protocol)
    : always
}

// The values of which one has to be met; undefined for a named set that is not there, or that asks for more.
function choicesOf(right: unknown, table: NftTable): readonly unknown[] | undefined {
  if (typeof right === 'string' && right.startsWith('@')) {
    const set = table.sets[right.slice(1)]
    return set?.asks ? undefined : set?.elements.map(unwrap)
  }
  if (Array.isArray(right)) return right.map(unwrap)
  if (isObject(right) && Object.hasOwn(right, 'set')) {
    const set = member(right, 'set')
    return (Array.isArray(set) ? set : [set]).map(unwrap)
  }
  return [right]
}

// An element with a timeout, a counter or a comment: {"elem": {"val": …, "timeout": 60}}.
function unwrap(element: unknown): unknown {
  const wrapped = isObject(element) ? objectAt(element, 'elem') : undefined
  return wrapped === undefined ? element : member(wrapped, 'val')
}

function singleTest(left: unknown, right: unknown): Test {
  if (!isObject(left)) return unknown
  if (Object.hasOwn(left, 'concat')) return concatTest(arrayAt(left, 'concat'), right)
  if (Object.hasOwn(left, '&')) return maskTest(arrayAt(left, '&'), right)
  const [meta, payload, ct, fib] = ['meta', 'payload', 'ct', 'fib'].map((key) => objectAt(left, key))
  if (meta !== undefined) return metaTest(stringAt(meta, 'key') ?? '', right)
  if (payload !== undefined)
    return payloadTest(stringAt(payload, 'protocol'), stringAt(payload, 'field'), right)
  if (ct !== undefined) return ctTest(ct, right)
  if (fib !== undefined) return fibTest(fib, right)
  return unknown
}

function concatTest(left: readonly unknown[], right: unknown): Test {
  const values = isObject(right) ? arrayAt(right, 'concat') : []
  if (values.length !== left.length) return unknown
  const tests = left.map((part, index) => singleTest(part, unwrap(values[index])))
  return (state) => all(tests.map((test) => test(state)))
}

function maskTest([field, mask]: readonly unknown[], right: unknown): Test {
  if (!isObject(field)) return unknown
  const isMark = stringAt(objectAt(field, 'meta') ?? {}, 'key') === 'mark'
  if (isMark && typeof mask === 'number' && typeof right === 'number') return markIs(right, mask)
  const isFlags = stringAt(objectAt(field, 'payload') ?? {}, 'field') === 'flags'
  if (isFlags && names(mask) !== undefined) return tcpFlagsAre(names(mask) ?? [], names(right) ?? [])
  return unknown
}

function metaTest(key: string, right: unknown): Test {
  if (key === 'mark') return typeof right === 'number' ? markIs(right, 0xffffffff) : unknown
  if (typeof right !== 'string')
    return key === 'l4proto' && typeof right === 'number' ? protocolIs(`${right}`) : unknown
  if (key === 'iifname' || key === 'iif') return interfaceIs('iif', right, '*')
  if (key === 'oifname' || key === 'oif') return interfaceIs('oif', right, '*')
  if (key === 'l4proto') return protocolIs(right)
  if (key === 'nfproto') return right === 'ipv4' ? isFamily(4) : right === 'ipv6' ? isFamily(6) : never
  if (key === 'protocol') return right === 'ip' ? isFamily(4) : right === 'ip6' ? isFamily(6) : never
  return unknown
}

function payloadTest(protocol: string | undefined, field: string | undefined, right: unknown): Test {
  if (protocol === 'ip' || protocol === 'ip6') {
    if (field === 'saddr') return ({ packet }) => addressIs(packet.src, right)
    if (field === 'daddr') return ({ packet }) => addressIs(packet.dst, right)
    if (field === 'protocol' || field === 'nexthdr')
      return scalar(right) === undefined ? unknown : protocolIs(scalar(right) ?? '')
    return unknown
  }
  if (field === 'sport' || field === 'dport') {
    const range = rangeOf(right)
    return range === undefined ? unknown : portIn(field, [range])
  }
  if ((protocol === 'icmp' || protocol === 'icmpv6') && field === 'type') return icmpTest(protocol, right)
  return unknown
}

function icmpTest(protocol: string, right: unknown): Test {
  const type = icmpTypeIs(
    right === 'echo-request' && protocol === 'icmp' ? 8 : typeof right === 'number' ? right : undefined,
  )
  const proto = protocolIs(protocol)
  return (state) => all([proto(state), type(state)])
}

function ctTest(ct: JsonObject, right: unknown): Test {
  const key = (stringAt(ct, 'key') ?? '').replace(/^ip6? /, '')
  const text = scalar(right)
  if (text === undefined && !isObject(right)) return unknown
  if (key === 'state') return text === undefined ? unknown : stateIn([text])
  if (key === 'status') return text === 'dnat' || text === 'snat' ? stateIn([text]) : unknown
  if (key === 'direction') return text === undefined ? unknown : directionIs(text)
  if (stringAt(ct, 'dir') !== 'original') return unknown
  if (key === 'daddr') return (state) => addressIs(originalDst(state).dst, right)
  if (key === 'proto-dst') return (state) => portIs(originalDst(state), right)
  return unknown
}

function fibTest(fib: JsonObject, right: unknown): Test {
  const flags = arrayAt(fib, 'flags')
  const isReversePath = flags.includes('saddr') && flags.includes('iif') && stringAt(fib, 'result') === 'oif'
  if (isReversePath && typeof right === 'boolean')
    return right ? comesRight : (state) => not(comesRight(state))
  const text = scalar(right)
  if (stringAt(fib, 'result') !== 'type' || flags.length !== 1 || text === undefined) return unknown
  if (flags[0] === 'daddr') return addressTypeIn('dst', [text])
  return flags[0] === 'saddr' ? addressTypeIn('src', [text]) : unknown
}

function addressIs(address: string | undefined, right: unknown): Ternary {
  if (typeof right === 'string') return inBlock(address, right)
  if (!isObject(right)) return 'maybe'
  const prefix = objectAt(right, 'prefix')
  if (prefix !== undefined) return inBlock(address, `${stringAt(prefix, 'addr')}/${numberAt(prefix, 'len')}`)
  const [first, last] = arrayAt(right, 'range')
  return typeof first === 'string' && typeof last === 'string' ? inRange(address, first, last) : 'maybe'
}

function portIs({ dport }: { readonly dport?: number }, right: unknown): Ternary {
  const range = rangeOf(right)
  if (dport === undefined || range === undefined) return 'maybe'
  return fromBoolean(range[0] <= dport && dport <= range[1])
}

function rangeOf(right: unknown): readonly [number, number] | undefined {
  if (typeof right === 'number') return [right, right]
  const [low, high] = isObject(right) ? arrayAt(right, 'range') : []
  return typeof low === 'number' && typeof high === 'number' ? [low, high] : undefined
}

function scalar(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

function names(value: unknown): string[] | undefined {
  const list = Array.isArray(value) ? value : [value]
  return list.every((name) => typeof name === 'string') ? list : undefined
}
