/** The readings that a result rests on, shortened to the lines that show it. */
import type { Reading } from '../model/reading.ts'
import type { Evidence } from '../model/report.ts'

const MOST_READINGS = 6
const MOST_LINES = 3
const LONGEST_LINE = 200

/** Evidence for a result, the telling readings first. `words` are the values that the finding names. */
export function evidenceFor(
  sources: Iterable<string>,
  readings: ReadonlyMap<string, Reading>,
  words: readonly string[],
): Evidence[] {
  const telling = words.filter((word) => word.length > 1)
  const ranked = [...sources].flatMap((source) => {
    const reading = readings.get(source)
    return reading ? [rank(source, reading, telling)] : []
  })
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_READINGS)
    .map(({ evidence }) => evidence)
}

function rank(
  source: string,
  reading: Reading,
  words: readonly string[],
): { rank: number; evidence: Evidence } {
  if (reading.state !== 'ok') {
    const excerpt = shorten(reading.reason)
    return { rank: reading.state === 'absent' ? 3 : 1, evidence: { source, state: reading.state, excerpt } }
  }
  const text = source.startsWith('base64 ') ? '(binary)' : textOf(reading.value)
  const matching = words.length > 0 ? matchingLines(text, words) : []
  const lines = matching.length > 0 ? matching : firstLines(text)
  const excerpt = lines.map(shorten).join('\n')
  return { rank: matching.length > 0 ? 0 : 2, evidence: { source, state: 'ok', excerpt } }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value === 'object' && value !== null && 'stdout' in value && 'stderr' in value) {
    return `${value.stdout || value.stderr}`
  }
  if (typeof value === 'object' && value !== null && 'body' in value && 'status' in value) {
    return `HTTP ${value.status}\n${value.body ?? ''}`
  }
  return JSON.stringify(value)
}

const matchingLines = (text: string, words: readonly string[]): string[] =>
  text
    .split('\n')
    .filter((line) => words.some((word) => line.includes(word)))
    .slice(0, MOST_LINES)

const firstLines = (text: string): string[] =>
  text
    .slice(0, LONGEST_LINE * MOST_LINES)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, 2)

const shorten = (line: string): string =>
  line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line.trimEnd()
