/** A word of an iptables-save line. A quoted word is never an option, whatever it looks like. */
export interface Word {
  readonly text: string
  readonly quoted: boolean
}

/**
 * Splits a line as iptables-restore does: white space separates, double quotes hold together, a backslash in quotes
 * escapes the next character. An unclosed quote ends with the line.
 */
export function splitWords(line: string): Word[] {
  return [...line.matchAll(WORD)].map(([text]) => toWord(text))
}

const WORD = /"(?:\\.|[^"\\])*"?|[^\s"]+/gs

function toWord(text: string): Word {
  if (!text.startsWith('"')) return { text, quoted: false }
  const closed = /^"(?:\\.|[^"\\])*"$/s.test(text)
  return { text: text.slice(1, closed ? -1 : undefined).replace(/\\(.)/gs, '$1'), quoted: true }
}
