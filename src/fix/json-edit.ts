import { findNodeAtLocation, getNodeValue, parseTree } from 'jsonc-parser'
import { setKey } from '../daemon-json/edit.ts'

/** Sets (removes, where `value` is undefined) a key of a JSON text; a text that is so already stays as it is written. */
export function editJson(text: string, key: readonly string[], value: unknown): string {
  const root = parseTree(text)
  const node = root && findNodeAtLocation(root, [...key])
  const same = node ? JSON.stringify(getNodeValue(node)) === JSON.stringify(value) : value === undefined
  return same ? text : setKey(text, key, value)
}
