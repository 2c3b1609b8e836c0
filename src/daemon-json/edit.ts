import {
  applyEdits,
  type Edit,
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

/**
 * Sets or removes the first of the members that the path leads to. A new member is formatted here, like what surrounds it: the library would
 * format its neighbours too.
 */
function change(text: string, path: readonly string[], value: unknown): string {
  const [edit, ...more] = modify(text, [...path], value, {})
  const isAppended =
    value !== undefined && more.length === 0 && edit?.length === 0 && edit.content.startsWith(',')
  if (edit && isAppended) return applyEdits(text, [{ ...edit, content: appended(text, path, edit) }])
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: formattingOf(text) }))
}

/** A member to be put behind the last one, `,"mtu":1400`: on a line of its own, unless the object is on one line. */
function appended(text: string, path: readonly string[], { offset, content }: Edit): string {
  const member = content.slice(1)
  const lines = text.slice(openingOf(text, path), offset).split('\n')
  if (lines.length === 1) return `, ${member}`
  const { eol = '\n', insertSpaces, tabSize = 2 } = formattingOf(text)
  const unit = insertSpaces ? ' '.repeat(tabSize) : '\t'
  const inner = JSON.stringify(JSON.parse(`{${member}}`), null, unit)
    .split('\n')
    .slice(1, -1)
  const indent = /^\s*/.exec(lines.find((line) => /^\s*"/.test(line)) ?? '')?.[0] ?? unit
  return `,${eol}${inner.map((line) => indent + line.slice(unit.length)).join(eol)}`
}

/** Where the innermost object begins that the path leads to and that is there. */
function openingOf(text: string, path: readonly string[]): number {
  const root = parseTree(text)
  for (let depth = path.length - 1; depth > 0 && root; depth--) {
    const node = findNodeAtLocation(root, path.slice(0, depth))
    if (node?.type === 'object') return node.offset
  }
  return root?.offset ?? 0
}

/** A value that is there already stays as it is written; what is to be removed may not be there. */
function has(text: string, path: readonly string[], value: unknown): boolean {
  const root = parseTree(text)
  const node = root && findNodeAtLocation(root, [...path])
  if (node === undefined) return value === undefined
  return JSON.stringify(getNodeValue(node)) === JSON.stringify(value)
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

/** The indentation and line ends that the text itself uses; two spaces where it shows none. */
function formattingOf(text: string): FormattingOptions {
  const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  '
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}
