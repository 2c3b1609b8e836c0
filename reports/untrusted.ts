/**
 * Every string in a report may come from the host, or from someone else's report: what a terminal would obey is made visible instead.
 * Covered: C0, DEL and C1 controls (so every escape sequence), marks that reorder or hide text (bidirectional, line and paragraph
 * separators, byte order mark, tag characters) and lone surrogates.
 */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f'
const DECEIVERS = '\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff\\u{e0000}-\\u{e007f}'
const UNSAFE = new RegExp(`[${CONTROLS}${DECEIVERS}\\p{Surrogate}]`, 'gu')
const UNSAFE_IN_SHELL = new RegExp(`[${CONTROLS}${DECEIVERS}\\p{Surrogate}]`, 'u')

/** What JSON.stringify leaves as it is, though a terminal or an editor may act on it. */
const UNSAFE_IN_JSON = new RegExp(`[\\u007f-\\u009f${DECEIVERS}]`, 'gu')

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x100) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 4)}}`
}

/** One line of text, safe to print: white space becomes a space, what a terminal would obey becomes visible. */
export const visible = (text: string): string => text.replace(/[\t\n\r]+/g, ' ').replace(UNSAFE, escaped)

/** Text of several lines, each safe to print. */
export const visibleLines = (text: string): string[] => text.split(/\r?\n/).map(visible)

/**
 * The lines of a shell script, as they may be printed for pasting. A script that holds what a terminal would obey
 * is shown, but as comments: pasted, it does nothing.
 */
export function pasteableLines(script: string): string[] {
  if (!UNSAFE_IN_SHELL.test(script.replace(/[\n\t]/g, ''))) return script.split('\n')
  return [
    '# for reading only: this holds control characters',
    ...visibleLines(script).map((line) => `# ${line}`),
  ]
}

/** JSON that is safe to print: parsed, it gives the same value. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(UNSAFE_IN_JSON, (character) =>
    [...Array(character.length).keys()].map((at) => `\\u${hex(character.charCodeAt(at), 4)}`).join(''),
  )
