import type { ConfigFile } from './config-file.ts'
import type { JsonMember, JsonNode, JsonObject } from './json-tree.ts'
import { hasKey, isTolerated, shapeOf } from './keys.ts'
import { fail, type Issue, show, warn } from './problem.ts'

/* What the engine swallows without a word: duplicate keys, null. */

export function* traps(file: ConfigFile): Generator<Issue> {
  yield* duplicates(file.root, [], 0)
  yield* nulls(file)
  yield* endlessNumbers(file.root, 0)
}

/** Nothing below this level means anything to the engine. */
const DEEPEST = 100

/** Of duplicate keys the last one counts; objects are merged instead. Every one of them must still be of the right type. */
function* duplicates(object: JsonObject, path: readonly string[], depth: number): Generator<Issue> {
  const seen = new Map<string, JsonMember>()
  for (const member of object.members) {
    const earlier = seen.get(member.key)
    const key = [...path, member.key].join('.')
    if (earlier !== undefined) yield duplicate(earlier, member, key)
    seen.set(member.key, member)
    yield* duplicatesIn(member.value, [...path, member.key], depth + 1)
  }
}

function* duplicatesIn(node: JsonNode, path: readonly string[], depth: number): Generator<Issue> {
  if (depth > DEEPEST) return
  if (node.kind === 'object') yield* duplicates(node, path, depth)
  else if (node.kind === 'array') {
    for (const [index, item] of node.items.entries())
      yield* duplicatesIn(item, [...path, String(index)], depth + 1)
  }
}

function duplicate(earlier: JsonMember, later: JsonMember, key: string): Issue {
  const both = earlier.value.kind === 'object' && later.value.kind === 'object'
  const message = both
    ? `${show(key)} is given twice; the engine merges the two without a word`
    : `${show(key)} is given again here; the engine uses the last one and ignores the others without a word`
  return warn(later, key, 'duplicate-key', message, 'keep one of them')
}

const SWITCHED_ON = new Set(['icc', 'ip-forward', 'ip-masq', 'iptables', 'userland-proxy'])

function* nulls(file: ConfigFile): Generator<Issue> {
  for (const { key, value } of file.root.members) {
    if (value.kind !== 'null' || !hasKey(key, file.version) || isTolerated(key, file.version)) continue
    if (shapeOf(key, file.version)?.kind === 'size') continue
    const off = SWITCHED_ON.has(key) || (key === 'ip6tables' && file.from('27.0'))
    const message = off
      ? `null switches ${key} OFF; it does not mean the default, which is on`
      : `null is the same as leaving ${key} out`
    yield warn(value, key, 'null-value', message, off ? 'write true, or remove the key' : 'remove the key')
  }
}

/** Every number, even an ignored one, is first read as a 64-bit floating-point number. */
function* endlessNumbers(node: JsonNode, depth: number): Generator<Issue> {
  if (depth > DEEPEST) return
  if (node.kind === 'number' && !Number.isFinite(Number(node.raw))) {
    yield fail(
      node,
      null,
      'number-too-large',
      `${node.raw.slice(0, 40)} is too large for any number type`,
      'write a smaller number',
    )
  } else if (node.kind === 'array') for (const item of node.items) yield* endlessNumbers(item, depth + 1)
  else if (node.kind === 'object')
    for (const { value } of node.members) yield* endlessNumbers(value, depth + 1)
}
