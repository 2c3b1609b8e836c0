/** The readings that a result rests on, shortened to the lines that show it. */
import type { Reading } from '../model/reading.ts'
import type { Evidence } from '../model/report.ts'

const MOST_READINGS = 6
const MOST_LINES = 3
const LONGEST_LINE = 200
/** A reading that is as short as this shows itself, as the value of a kernel parameter does. */
const SHORT = 60

/** How much a reading tells, best first. */
const RANKS = { naming: 0, missing: 1, short: 2, other: 3, absent: 4 } as const
type Rank = keyof typeof RANKS

interface Ranked {
  readonly rank: Rank
  readonly evidence: Evidence
}

/** Evidence for a result, the telling readings first, the rest left out. `words` are the values that the finding names. */
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
  const best = ranked.some((one) => RANKS[one.rank] <= RANKS.short) ? RANKS.short : RANKS.absent
  return ranked
    .filter((one) => RANKS[one.rank] <= best)
    .sort((a, b) => RANKS[a.rank] - RANKS[b.rank])
    .slice(0, MOST_READINGS)
    .map(({ evidence }) => evidence)
}

function rank(source: string, reading: Reading, words: readonly string[]): Ranked {
  if (reading.state !== 'ok') {
    const evidence = { source, state: reading.state, excerpt: shorten(reading.reason) }
    return { rank: reading.state === 'absent' ? 'absent' : 'missing', evidence }
  }
  const text = source.startsWith('base64 ') ? '(binary)' : textOf(reading.value)
  const naming = words.length > 0 ? namingLines(text, words) : []
  const lines = naming.length > 0 ? naming : firstLines(text)
  const evidence = { source, state: reading.state, excerpt: lines.map(shorten).join('\n') }
  return { rank: naming.length > 0 ? 'naming' : text.length <= SHORT ? 'short' : 'other', evidence }
}

/** The text that a person would look at in a payload. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value !== 'object' || value === null) return String(value)
  if ('stdout' in value && 'stderr' in value) return `${value.stdout || value.stderr}`
  if ('timings' in value && 'ok' in value) return probeText(value)
  if ('body' in value && 'status' in value) return `HTTP ${value.status}\n${value.body ?? ''}`
  return JSON.stringify(value)
}

const probeText = (answer: object): string =>
  'stage' in answer && 'message' in answer && 'code' in answer
    ? `${answer.stage}: ${answer.message} (${answer.code})`
    : `HTTP ${'status' in answer ? answer.status : ''}`

const namingLines = (text: string, words: readonly string[]): string[] =>
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
