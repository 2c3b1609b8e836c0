/** Draws lines of text: marks, colours, wrapping. */
import type { Status } from '../src/model/report.ts'
import type { Look } from './look.ts'
import type { Ruler } from './ruler.ts'

const MARKS: Readonly<Record<Status, readonly [unicode: string, ascii: string]>> = {
  pass: ['✔', '+'],
  warn: ['!', '!'],
  fail: ['✖', 'x'],
  skip: ['–', '-'],
  unknown: ['?', '?'],
  waived: ['~', '~'],
}

/** SGR codes: on, off. */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const
export type Style = keyof typeof STYLES

export const STATUS_STYLES: Readonly<Record<Status, Style>> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  skip: 'dim',
  unknown: 'cyan',
  waived: 'dim',
}

/** Punctuation that messages and excerpts use, for terminals without Unicode. Other text is left as it is. */
const ASCII: Readonly<Record<string, string>> = {
  '…': '...',
  '·': '|',
  '–': '-',
  '—': '-',
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '→': '->',
  '≥': '>=',
  '≤': '<=',
}
const PUNCTUATION = new RegExp(`[${Object.keys(ASCII).join('')}]`, 'g')
/** Columns that a text gets, however long its lead is. */
const NARROWEST = 20

export interface Lead {
  /** What stands before the first line; the others are indented to its width. */
  readonly lead?: string
  /** For every line. */
  readonly style?: Style
  /** For the lead alone. */
  readonly leadStyle?: Style
}

export interface Pen {
  readonly look: Look
  paint(style: Style, text: string): string
  mark(status: Status): string
  /** Columns that a text takes. */
  width(text: string): number
  /** Fills a text up with spaces to so many columns. */
  pad(text: string, columns: number): string
  /** Wraps a text that is safe to print. */
  lines(text: string, options?: Lead): string[]
}

export function penFor(look: Look, ruler: Ruler): Pen {
  const plain = (text: string): string =>
    look.unicode ? text : text.replace(PUNCTUATION, (character) => ASCII[character] ?? character)
  const paint = (style: Style, text: string): string => {
    const [on, off] = STYLES[style]
    return look.colour && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text
  }
  return {
    look,
    paint,
    width: ruler.width,
    pad: (text, columns) => text + ' '.repeat(Math.max(0, columns - ruler.width(text))),
    mark: (status) => MARKS[status][look.unicode ? 0 : 1],
    lines: (text, { lead = '', style, leadStyle = style } = {}) => {
      const first = plain(lead)
      const indent = ruler.width(first)
      const wrapped = ruler.wrap(plain(text), Math.max(NARROWEST, look.width - indent))
      return wrapped.map((line, index) => {
        const before = index === 0 ? first : ' '.repeat(indent)
        const painted = style ? paint(style, line) : line
        return `${leadStyle && index === 0 ? paintText(paint, leadStyle, before) : before}${painted}`
      })
    },
  }
}

/** Colours the text, not the spaces around it. */
function paintText(paint: Pen['paint'], style: Style, text: string): string {
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/.exec(text) ?? []
  return `${before}${paint(style, inner)}${after}`
}
