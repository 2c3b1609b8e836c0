import type { JsonNode, JsonObject } from '../json-tree.ts'

/** The field of an object as Go finds it: any case, the last one wins. */
export function fieldOf(object: JsonObject, name: string): JsonNode | undefined {
  const lower = name.toLowerCase()
  return object.members.findLast(({ key }) => key.toLowerCase() === lower)?.value
}

/** The text of a field; empty where it is absent. */
export function textField(object: JsonObject, name: string): string {
  const node = fieldOf(object, name)
  return node?.kind === 'string' ? node.text : ''
}

/** The number of a field; undefined where it is absent or no number. */
export function numberField(object: JsonObject, name: string): number | undefined {
  const node = fieldOf(object, name)
  return node?.kind === 'number' ? Number(node.raw) : undefined
}
