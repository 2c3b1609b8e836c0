/** Measures and wraps text. */

export interface Ruler {
  /** Columns that a text takes. */
  width(text: string): number
  /** Breaks at spaces, and inside a word that is wider than a line. */
  wrap(text: string, columns: number): string[]
}

/**
 * Characters that take one column each: Latin, Greek and Cyrillic letters, punctuation, arrows, mathematical signs, lines, our marks.
 * Not among them: combining marks, the soft hyphen, and what terminals draw wide.
 */
const NARROW =
  /^[\n\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2200-\u22ff\u2500-\u257f✔✖]*$/

const narrow: Ruler = {
  width: (text) => text.length,
  wrap: (text, columns) => {
    const lines: string[] = []
    let line = ''
    for (const word of text.split(' ').filter((each) => each !== '')) {
      if (line !== '' && line.length + 1 + word.length <= columns) {
        line += ` ${word}`
        continue
      }
      if (line !== '') lines.push(line)
      line = word
      for (; line.length > columns; line = line.slice(columns)) lines.push(line.slice(0, columns))
    }
    return [...lines, line]
  },
}

/** The ruler for all of a text. That for wide characters is slow to load, and most hosts have none. */
export async function rulerFor(text: string): Promise<Ruler> {
  return NARROW.test(text) ? narrow : (await import('./wide-ruler.ts')).wide
}
