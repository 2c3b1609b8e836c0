import { type Node, parseTree } from 'jsonc-parser'
import type { JsonMember, JsonNode } from './json-tree.ts'

const DEEPEST = 200

/**
 * What was meant by a text that is not JSON: comments and stray commas are skipped, the rest is read as far as it goes.
 * Undefined where there is nothing to be made of it.
 */
export function parseTolerantly(text: string): JsonNode | undefined {
  // The library calls itself for every level; a text with this many brackets is no configuration.
  if ((text.match(/[[{]/g)?.length ?? 0) > DEEPEST) return undefined
  const root = parseTree(text, [], { allowTrailingComma: true, allowEmptyContent: true })
  return root === undefined ? undefined : convert(root, text)
}

function convert(node: Node, text: string): JsonNode {
  const place = { offset: node.offset, end: node.offset + node.length }
  const raw = text.slice(place.offset, place.end)
  switch (node.type) {
    case 'object':
      return {
        kind: 'object',
        ...place,
        members: (node.children ?? []).flatMap((child) => member(child, text)),
      }
    case 'array':
      return { kind: 'array', ...place, items: (node.children ?? []).map((child) => convert(child, text)) }
    case 'string':
      return { kind: 'string', ...place, text: String(node.value), raw: raw.slice(1, -1) }
    case 'number':
      return { kind: 'number', ...place, raw }
    case 'boolean':
      return { kind: 'boolean', ...place, value: node.value === true }
    default:
      return { kind: 'null', ...place }
  }
}

/** A property whose value is missing is left out: the syntax error already says so. */
function member(property: Node, text: string): JsonMember[] {
  const [key, value] = property.children ?? []
  if (key === undefined || value === undefined) return []
  return [{ key: String(key.value), offset: key.offset, value: convert(value, text) }]
}
