/** The readings that a result rests on, shortened to the lines that show it. */
import type { Reading } from '../model/reading.ts'
import type { Evidence } from '../model/report.ts'

const MOST_READINGS = 6
const MOST_LINES = 3
const LONGEST_LINE = 200

/** How much a reading tells, best first. */
const RANKS = ['named', 'naming', 'missing', 'value', 'other', 'absent'] as const
type Rank = (typeof RANKS)[number]
/** Where anything tells more than this, the rest is left out. */
const TELLING: Rank = 'value'

interface Ranked {
  readonly rank: Rank
  readonly evidence: Evidence
}

/** What a finding names: by slot. `line`, where there is one, is the line of the file that another slot names. */
export type Named = Readonly<Record<string, string | number>>

/** Evidence for a result, the telling readings first, the rest left out. */
export function evidenceFor(
  sources: Iterable<string>,
  readings: ReadonlyMap<string, Reading>,
  named: Named,
): Evidence[] {
  const told = Object.values(named)
    .map(String)
    .filter((word) => word.length > 1)
  const words = [...told.map(inJson).filter((word) => !told.includes(word)), ...told]
  const ranked = [...sources].flatMap((source) => {
    const reading = readings.get(source)
    return reading ? [rank(source, reading, words, named.line)] : []
  })
  const isTelling = ({ rank }: Ranked): boolean => RANKS.indexOf(rank) <= RANKS.indexOf(TELLING)
  return (ranked.some(isTelling) ? ranked.filter(isTelling) : ranked)
    .sort((a, b) => RANKS.indexOf(a.rank) - RANKS.indexOf(b.rank))
    .slice(0, MOST_READINGS)
    .map(({ evidence }) => evidence)
}

/** As an answer of the engine has it. */
const inJson = (word: string): string => JSON.stringify(word).slice(1, -1)

const MOST_FOR_PASSES = 3
const GLANCE = 80

/** For what holds, a glance is enough, and costs less. */
export function evidenceForPass(
  sources: Iterable<string>,
  readings: ReadonlyMap<string, Reading>,
): Evidence[] {
  const evidence: Evidence[] = []
  for (const source of sources) {
    const reading = readings.get(source)
    if (!reading || reading.state === 'absent') continue
    const text = reading.state === 'ok' ? glance(source, reading.value) : reading.reason
    evidence.push({ source, state: reading.state, excerpt: text.slice(0, GLANCE).split('\n')[0] ?? '' })
    if (evidence.length === MOST_FOR_PASSES) break
  }
  return evidence
}

const glance = (source: string, value: unknown): string =>
  source.startsWith('base64 ') ? '(binary)' : textOf(value)

function rank(
  source: string,
  reading: Reading,
  words: readonly string[],
  line: Named[string] | undefined,
): Ranked {
  const isNamed = words.some((word) => isNameOf(source, word))
  if (reading.state !== 'ok') {
    const evidence = { source, state: reading.state, excerpt: shorten(reading.reason) }
    if (reading.state !== 'absent') return { rank: 'missing', evidence }
    return { rank: isNamed ? 'named' : 'absent', evidence }
  }
  const lines = source.startsWith('base64 ') ? ['(binary)'] : textOf(reading.value).split('\n')
  const naming = isNamed && typeof line === 'number' ? lines.slice(line - 1, line) : linesWith(lines, words)
  const shown = naming.length > 0 ? naming : lines.filter((line) => line.trim() !== '').slice(0, 2)
  const evidence = {
    source,
    state: reading.state,
    excerpt: shown.map((each) => shorten(each, words)).join('\n'),
  }
  return {
    rank: isNamed ? 'named' : naming.length > 0 ? 'naming' : isValue(source) ? 'value' : 'other',
    evidence,
  }
}

/** A probe is named by whom it asks. */
const isNameOf = (source: string, word: string): boolean =>
  source === word ||
  source.endsWith(` ${word}`) ||
  (source.startsWith('probe ') && source.split(/[\s/]+/).includes(word))

/** The value of a kernel parameter shows itself. */
const isValue = (source: string): boolean => source.startsWith('/proc/sys/')

/** The text that a person would look at in a payload. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.join(' ')
  if (typeof value !== 'object' || value === null) return String(value)
  if ('stdout' in value && 'stderr' in value) return `${value.stdout || value.stderr}`
  if ('timings' in value && 'ok' in value) return probeText(value)
  if ('body' in value && 'status' in value) return `HTTP ${value.status}\n${value.body ?? ''}`
  if ('mode' in value && 'uid' in value && 'gid' in value) return statText(value)
  return JSON.stringify(value)
}

const statText = (meta: { mode: unknown; uid: unknown; gid: unknown; type?: unknown }): string =>
  `${meta.type}, mode ${Number(meta.mode).toString(8).padStart(4, '0')}, uid ${meta.uid}, gid ${meta.gid}`

function probeText(answer: object): string {
  if (!('stage' in answer && 'message' in answer && 'code' in answer))
    return 'status' in answer ? `HTTP ${answer.status}` : 'answers'
  const said = `${answer.stage}: ${answer.message}`
  return said.includes(String(answer.code)) ? said : `${said} (${answer.code})`
}

/** Comments name things too, and show nothing. */
const linesWith = (lines: readonly string[], words: readonly string[]): string[] =>
  lines
    .filter((line) => !/^\s*[#;]/.test(line) && words.some((word) => placeOf(word, line) >= 0))
    .slice(0, MOST_LINES)

/** Where a text has a word as a whole: `docker` is not in `docker-registry`, nor 10.0.0.1 in 10.0.0.10. -1 where it has not. */
function placeOf(word: string, text: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length
    if (!GOES_BEFORE.test(text.slice(Math.max(0, at - 2), at)) && !GOES_ON.test(text.slice(end, end + 2)))
      return at
  }
  return -1
}
const GOES_BEFORE = /(?:[\w-]|\w\.)$/
const GOES_ON = /^(?:[\w-]|\.\w)/

/** Of a long line the part that holds what is named, its beginning where nothing is. */
function shorten(line: string, words: readonly string[] = []): string {
  if (line.length <= LONGEST_LINE) return line.trimEnd()
  const word = words.find((one) => placeOf(one, line) >= 0)
  const at = word === undefined ? 0 : placeOf(word, line)
  if (at < LONGEST_LINE / 2) return `${line.slice(0, LONGEST_LINE - 1)}…`
  const shown = Math.min(Math.max(word?.length ?? 0, LONGEST_LINE / 2), LONGEST_LINE - 2)
  const end = Math.min(line.length, at + shown)
  return `…${line.slice(end - LONGEST_LINE + 2, end)}${end < line.length ? '…' : ''}`
}
