import { goPrefix, isAddress, isIp, isSize } from './go-text.ts'
import type { JsonNode, JsonObject } from './json-tree.ts'
import { fail, type Issue, show } from './problem.ts'
import type { EngineVersion } from './version.ts'

/** What the engine's Go type for a value accepts. */
export type Shape =
  | { readonly kind: 'any' | 'text' | 'switch' | 'integer' | 'ip' | 'address' | 'prefix' | 'size' | 'filter' }
  | { readonly kind: 'list' | 'map'; readonly of: Shape }
  | { readonly kind: 'fields'; readonly fields: Readonly<Record<string, Shape>>; readonly strict?: boolean }

export const any: Shape = { kind: 'any' }
export const text: Shape = { kind: 'text' }
export const onOff: Shape = { kind: 'switch' }
export const integer: Shape = { kind: 'integer' }
export const ip: Shape = { kind: 'ip' }
export const address: Shape = { kind: 'address' }
export const prefix: Shape = { kind: 'prefix' }
export const size: Shape = { kind: 'size' }
export const filter: Shape = { kind: 'filter' }
export const list = (of: Shape): Shape => ({ kind: 'list', of })
export const map = (of: Shape): Shape => ({ kind: 'map', of })
export const fields = (known: Readonly<Record<string, Shape>>, strict = false): Shape => ({
  kind: 'fields',
  fields: known,
  strict,
})

/**
 * Says where a value does not fit its shape, by the rules of Go's json.Unmarshal: `null` leaves any value as it is,
 * numbers must be integers in plain digits, inner names are matched without regard to case.
 * The exception is a size, whose own decoder refuses `null` too.
 */
export function* mismatches(
  node: JsonNode,
  shape: Shape,
  key: string,
  version: EngineVersion,
): Generator<Issue> {
  if (node.kind === 'null' && shape.kind !== 'size') return
  switch (shape.kind) {
    case 'any':
      return
    case 'list':
      if (node.kind !== 'array') yield wrongType(node, shape, key)
      else for (const item of node.items) yield* mismatches(item, shape.of, key, version)
      return
    case 'map':
      if (node.kind !== 'object') yield wrongType(node, shape, key)
      else
        for (const member of node.members)
          yield* mismatches(member.value, shape.of, `${key}.${member.key}`, version)
      return
    case 'fields':
      if (node.kind !== 'object') yield wrongType(node, shape, key)
      else yield* fieldMismatches(node, shape, key, version)
      return
    default:
      yield* scalarMismatches(node, shape.kind, key, version)
  }
}

type Fields = Extract<Shape, { kind: 'fields' }>
type Scalar = Exclude<Shape['kind'], 'any' | 'list' | 'map' | 'fields'>

function* fieldMismatches(
  node: JsonObject,
  shape: Fields,
  key: string,
  version: EngineVersion,
): Generator<Issue> {
  for (const member of node.members) {
    const path = `${key}.${member.key}`
    const field = shape.fields[member.key] ?? foldedField(shape.fields, member.key)
    if (field !== undefined) yield* mismatches(member.value, field, path, version)
    else if (shape.strict === true) {
      const known = Object.keys(shape.fields).join(', ')
      const message = `${show(member.key)} is not known in ${key}`
      yield fail(member, path, 'unknown-inner-key', message, `known here: ${known}`)
    }
  }
}

/** Go prefers the exact name and takes any other case otherwise. */
function foldedField(known: Readonly<Record<string, Shape>>, name: string): Shape | undefined {
  const lower = name.toLowerCase()
  return Object.entries(known).find(([field]) => field.toLowerCase() === lower)?.[1]
}

function* scalarMismatches(
  node: JsonNode,
  kind: Scalar,
  key: string,
  version: EngineVersion,
): Generator<Issue> {
  if (kind === 'size') yield* sizeMismatch(node, key, version)
  else if (kind === 'filter') yield* filterMismatch(node, key, version)
  else if (!hasJsonType(node, kind)) yield wrongType(node, { kind }, key)
  else if (kind === 'integer' && node.kind === 'number' && !isInt64(node.raw))
    yield notAnInteger(node, node.raw, key)
  else if (node.kind === 'string') yield* textMismatch(node, node.text, kind, key)
}

function* textMismatch(node: JsonNode, value: string, kind: Scalar, key: string): Generator<Issue> {
  if (value === '') return
  if (kind === 'ip' && !isIp(value)) yield notAnIp(node, value, key, 'no port, no prefix length, no blanks')
  if (kind === 'address' && !isAddress(value))
    yield notAnIp(node, value, key, 'no port, no prefix length, no blanks')
  if (kind === 'prefix' && goPrefix(value) === undefined) {
    const message = `${show(value)} is not a network with a prefix length`
    yield fail(node, key, 'bad-network', message, 'write it as address/length, such as 10.200.0.0/16')
  }
}

function notAnIp(node: JsonNode, value: string, key: string, hint: string): Issue {
  const suggestion = `write the address alone, such as 192.0.2.1 (${hint})`
  return fail(node, key, 'not-an-ip-address', `${show(value)} is not an IP address`, suggestion)
}

function* sizeMismatch(node: JsonNode, key: string, version: EngineVersion): Generator<Issue> {
  if (node.kind === 'string' && node.raw !== '' && isSize(node.raw, version)) return
  const message = `${shown(node)} is not a size`
  yield fail(node, key, 'bad-size', message, 'write a number with a unit, in quotes, such as "64m" or "1g"')
}

/** A list of texts, or the old form: an object of objects of booleans. */
function* filterMismatch(node: JsonNode, key: string, version: EngineVersion): Generator<Issue> {
  if (node.kind === 'array') yield* mismatches(node, list(text), key, version)
  else yield* mismatches(node, map(map(onOff)), key, version)
}

function hasJsonType(node: JsonNode, kind: Scalar): boolean {
  if (kind === 'switch') return node.kind === 'boolean'
  if (kind === 'integer') return node.kind === 'number'
  return node.kind === 'string'
}

function isInt64(raw: string): boolean {
  if (!/^-?\d+$/.test(raw)) return false
  const value = BigInt(raw)
  return value >= -(2n ** 63n) && value < 2n ** 63n
}

function notAnInteger(node: JsonNode, raw: string, key: string): Issue {
  const whole = Math.round(Number(raw))
  const suggestion = Number.isSafeInteger(whole) ? `write ${whole}` : 'write a smaller number'
  const message = `${raw} is not a whole number in plain digits that fits 64 bits`
  return fail(node, key, 'wrong-type', message, suggestion)
}

function wrongType(node: JsonNode, shape: Shape, key: string): Issue {
  const message = `${key} must be ${NAMES[shape.kind]}, not ${shown(node)}`
  const suggestion = isBareSize(node, key)
    ? `write "${node.raw}m" ("${node.raw}" would be ${node.raw} bytes)`
    : `write ${corrected(node, shape)}`
  return fail(node, key, 'wrong-type', message, suggestion)
}

/** A size of logs that is meant in megabytes: nobody means a file of some bytes. */
const isBareSize = (node: JsonNode, key: string): node is JsonNode & { kind: 'number' } =>
  node.kind === 'number' && key === 'log-opts.max-size' && /^[1-9]\d{0,2}$/.test(node.raw)

const NAMES: Readonly<Record<Shape['kind'], string>> = {
  any: 'anything',
  text: 'a text in quotes',
  switch: 'true or false, without quotes',
  integer: 'a whole number, without quotes',
  ip: 'an IP address in quotes',
  address: 'an IP address in quotes',
  prefix: 'a network in quotes',
  size: 'a size in quotes',
  filter: 'a list of texts in quotes',
  list: 'a list in [ and ]',
  map: 'an object in { and }',
  fields: 'an object in { and }',
}

/** The value in the form that was wanted, where that is plain. */
function corrected(node: JsonNode, shape: Shape): string {
  if (shape.kind === 'list' && node.kind === 'string') return `[${show(node.text)}]`
  if (shape.kind === 'list') return '[…]'
  if (shape.kind === 'text' && node.kind === 'number') return `"${node.raw}"`
  if (shape.kind === 'text' && node.kind === 'boolean') return `"${node.value}"`
  if (shape.kind === 'switch') return 'true or false'
  if (shape.kind === 'integer' && node.kind === 'string' && /^-?\d+$/.test(node.text)) return node.text
  if (shape.kind === 'integer') return 'a whole number'
  return NAMES[shape.kind]
}

function shown(node: JsonNode): string {
  switch (node.kind) {
    case 'string':
      return `the text ${show(node.text)}`
    case 'number':
      return `the number ${node.raw.slice(0, 40)}`
    case 'boolean':
      return String(node.value)
    case 'null':
      return 'null'
    case 'array':
      return 'a list'
    case 'object':
      return 'an object'
  }
}
