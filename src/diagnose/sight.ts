/** Looks for sights in a paste. */
import type { Sight } from '../model/symptom.ts'
import type { Paste } from './paste/blocks.ts'

/** How much of a line is shown. */
const BEFORE = 60
const LONGEST = 240

/** Bounded: what looks for two of them in a text of blanks alone would otherwise never end. */
const BLANKS = '\\s{1,80}(?!\\s)'

const made = new WeakMap<RegExp, RegExp>()

/**
 * Where a pattern has a blank, any white space may stand: people break lines where they like. Case never matters.
 */
function flexible(pattern: RegExp): RegExp {
  let regex = made.get(pattern)
  if (!regex) {
    const parts = pattern.source.split(/(\[(?:[^\]\\]|\\.)*\])/)
    const source = parts.map((part, at) => (at % 2 ? part : part.replace(/ (?![*+?{])/g, BLANKS))).join('')
    regex = new RegExp(source, [...new Set(`${pattern.flags}im`)].filter((flag) => flag !== 'g').join(''))
    made.set(pattern, regex)
  }
  return regex
}

export const isIn = (pattern: RegExp, text: string): boolean => flexible(pattern).test(text)

/** What of the text shows it, as an excerpt; null where nothing does. */
export function seen(sight: Sight, paste: Paste): string | null {
  const texts = sight.in === 'output' ? [paste.text] : paste.passages
  for (const text of texts) {
    const [first, ...others] = sight.all
    const match = first && flexible(first).exec(text)
    if (match && others.every((pattern) => isIn(pattern, text)))
      return excerpt(text, match.index, match[0].length)
  }
  return null
}

/** Where the first whole word begins, between two places. */
function wordStart(text: string, from: number, to: number): number {
  if (from === 0 || /\s/.test(text[from - 1] ?? '')) return from
  const gap = text.slice(from, to).search(/\s/)
  return gap < 0 ? from : from + gap + 1
}

/** The line of a match, its middle where it is long. */
function excerpt(text: string, at: number, length: number): string {
  const lineStart = text.lastIndexOf('\n', at) + 1
  const lineEnd = text.indexOf('\n', at + length)
  const wholeEnd = lineEnd < 0 ? text.length : lineEnd
  const start =
    wholeEnd - lineStart <= LONGEST ? lineStart : wordStart(text, Math.max(lineStart, at - BEFORE), at)
  const end = Math.min(wholeEnd, start + LONGEST)
  const part = text.slice(start, end).replace(/\s+/g, ' ').trim()
  return `${start > lineStart ? '… ' : ''}${part}${end < wholeEnd ? ' …' : ''}`
}
