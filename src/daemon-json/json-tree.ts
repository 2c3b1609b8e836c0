import type { Place } from './problem.ts'

/** A JSON value with its place in the text. Duplicate members are all kept, in order. */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull

interface Node extends Place {
  /** Offset just behind the value. */
  end: number
}

export interface JsonObject extends Node {
  readonly kind: 'object'
  readonly members: JsonMember[]
}

export interface JsonArray extends Node {
  readonly kind: 'array'
  readonly items: JsonNode[]
}

export interface JsonString extends Node {
  readonly kind: 'string'
  readonly text: string
  /** What stands between the quotes, escapes as written. */
  readonly raw: string
}

export interface JsonNumber extends Node {
  readonly kind: 'number'
  readonly raw: string
}

export interface JsonBoolean extends Node {
  readonly kind: 'boolean'
  readonly value: boolean
}

export interface JsonNull extends Node {
  readonly kind: 'null'
}

/** A key and its value. The place is the key's. */
export interface JsonMember extends Place {
  readonly key: string
  readonly value: JsonNode
}

/** The value of the last member called `key`, which is the one that counts. */
export function memberOf(object: JsonObject, key: string): JsonMember | undefined {
  return object.members.findLast((member) => member.key === key)
}

/** Only a hostile file is deeper; nothing below this level means anything to the engine. */
const DEEPEST_VALUE = 100

/** The node as a plain JavaScript value; of duplicate keys the last one counts. */
export function toValue(node: JsonNode, depth = 0): unknown {
  if (depth > DEEPEST_VALUE) return null
  switch (node.kind) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key, toValue(value, depth + 1)]))
    case 'array':
      return node.items.map((item) => toValue(item, depth + 1))
    case 'string':
      return node.text
    case 'number':
      return Number(node.raw)
    case 'boolean':
      return node.value
    case 'null':
      return null
  }
}
