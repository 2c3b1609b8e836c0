/** Measures and wraps any text: Chinese takes two columns a character, combining marks none. */
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import type { Ruler } from './ruler.ts'

export const wide: Ruler = {
  width: stringWidth,
  wrap: (text, columns) => wrapAnsi(text, columns, { hard: true }).split('\n'),
}
