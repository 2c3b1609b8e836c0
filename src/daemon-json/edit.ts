import {
  applyEdits,
  type FormattingOptions,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
} from 'jsonc-parser'

/**
 * Sets one key of a JSON text (removes it where `value` is undefined), keeping order, indentation, line ends and all other content.
 * @param path the keys that lead to it, e.g. `['log-opts', 'max-size']`
 */
export function setKey(text: string, path: readonly string[], value: unknown): string {
  if (has(text, path, value)) return text
  return applyEdits(text, modify(text, [...path], value, { formattingOptions: formattingOf(text) }))
}

/** A value that is there already stays as it is written. */
function has(text: string, path: readonly string[], value: unknown): boolean {
  const root = parseTree(text)
  const node = root && findNodeAtLocation(root, [...path])
  return node !== undefined && JSON.stringify(getNodeValue(node)) === JSON.stringify(value)
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
