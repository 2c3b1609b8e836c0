import {
  applyEdits,
  type FormattingOptions,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
} from 'jsonc-parser'
import { parseJson } from './json-parser.ts'
import { type JsonNode, memberOf } from './json-tree.ts'

/**
 * Sets one key of a JSON text (removes it where `value` is undefined), keeping order, indentation, line ends and all other content.
 * Of a key that is written more than once only the last is left, which is the one that the engine uses.
 * @param path the keys that lead to it, e.g. `['log-opts', 'max-size']`
 */
export function setKey(text: string, path: readonly string[], value: unknown): string {
  const single = withoutCopies(text, path)
  if (has(single, path, value)) return single
  return change(single, path, value)
}

/** Sets or removes the first of the members that the path leads to. */
function change(text: string, path: readonly string[], value: unknown): string {
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: formattingOf(text) }))
}

/** A value that is there already stays as it is written. */
function has(text: string, path: readonly string[], value: unknown): boolean {
  const root = parseTree(text)
  const node = root && findNodeAtLocation(root, [...path])
  return node !== undefined && JSON.stringify(getNodeValue(node)) === JSON.stringify(value)
}

/** The text with only the last of each member on the path. */
function withoutCopies(text: string, path: readonly string[]): string {
  let single = text
  for (let depth = 1; depth <= path.length; depth += 1) {
    const part = path.slice(0, depth)
    for (let extra = copies(single, part) - 1; extra > 0; extra -= 1) single = change(single, part, undefined)
  }
  return single
}

/** How many members of the same name the path leads to. */
function copies(text: string, path: readonly string[]): number {
  let node: JsonNode | undefined = parseJson(text).root
  for (const key of path.slice(0, -1)) {
    node = node?.kind === 'object' ? memberOf(node, key)?.value : undefined
  }
  return node?.kind === 'object' ? node.members.filter(({ key }) => key === path.at(-1)).length : 0
}

/** The indentation that the text itself uses; two spaces where it shows none. */
function formattingOf(text: string): FormattingOptions {
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  '
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}
