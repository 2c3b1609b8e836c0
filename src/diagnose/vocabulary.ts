/**
 * What people's words speak for, where no message tells: a linear model of words, pairs of words and fragments of words, and of which checks have
 * symptoms that the text shows, learned from public reports whose cause was found out (`scripts/learn-vocabulary.mjs`). It holds weights, no texts.
 * What it suggests is possible, never more.
 */
import { readFileSync } from 'node:fs'
import type { CheckId } from '../model/check.ts'
import { addWeights, tellingIn } from './packed.ts'

export interface Vocabulary {
  /** Ids of checks. */
  readonly checks: readonly string[]
  /** Of each check, before any word is seen. */
  readonly bias: readonly number[]
  /** By word: how telling it is and what it weighs for which check, packed. */
  readonly words: Readonly<Record<string, string>>
}

const EMPTY: Vocabulary = { checks: [], bias: [], words: {} }
let loaded: Vocabulary | undefined

/** Beside the program; nothing where it is not there. */
function vocabulary(): Vocabulary {
  loaded ??= read()
  return loaded
}

function read(): Vocabulary {
  try {
    return JSON.parse(readFileSync(new URL('./vocabulary.json', import.meta.url), 'utf8')) as Vocabulary
  } catch {
    return EMPTY
  }
}

const MOST_CHARACTERS = 20_000
/** Of a long text its beginning, where people say what is wrong, and its end, where a journal does. */
const beginningAndEnd = (text: string): string =>
  text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS / 2)}\n${text.slice(-MOST_CHARACTERS / 2)}`
const WORD = /[a-z][a-z0-9_]*(?:[-/.][a-z0-9_]+)*|[\u4e00-\u9fff]|\d+(?:\.\d+)*/g
const ID = /\b[0-9a-f]{12,64}\b/g
const ADDRESS = /\d+\.\d+\.\d+\.\d+(?::\d+)?(?:\/\d+)?/g

/** Words, pairs of words and fragments of words of a text, each once; pairs are joined by a blank. Names made of parts count as their parts, too. */
export function wordsOf(text: string): Set<string> {
  const plain = beginningAndEnd(text).toLowerCase().replace(ID, ' an-id ').replace(ADDRESS, ' an-address ')
  const words = (plain.match(WORD) ?? []).map(rounded)
  const parts = words.flatMap((word) =>
    /^[a-z].*[-/.]/.test(word) ? word.split(/[-/.]/).filter(({ length }) => length > 2) : [],
  )
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`)
  const said = new Set([...words.filter((word) => word.length > 1 || word > '\u4e00'), ...parts])
  return new Set([...said, ...pairs, ...[...said].flatMap(fragmentsOf)])
}

/** Ports, errno and exit codes tell much; of a version its first two numbers do, of what is longer only that it is a number. */
function rounded(word: string): string {
  if (!/^\d/.test(word)) return word
  if (word.includes('.')) return word.split('.').slice(0, 2).join('.')
  return word.length <= 5 ? word : 'a-number'
}

const FRAGMENT = { mark: '~', length: 4, ofWordsFrom: 5 } as const

/** `resolv`, `resolving` and `systemd-resolved` have most of them in common. */
function fragmentsOf(word: string): string[] {
  if (!/^[a-z]/.test(word) || word.length < FRAGMENT.ofWordsFrom) return []
  const whole = `<${word}>`
  return Array.from({ length: whole.length - FRAGMENT.length + 1 }, (_, at) =>
    FRAGMENT.mark.concat(whole.slice(at, at + FRAGMENT.length)),
  )
}

/** A pair says less than a word that is as telling, and a fragment even less: its words count by themselves. */
const WORTH = { word: 1, pair: 0.7, fragment: 0.5 } as const
export type Kind = keyof typeof WORTH
export const kindOf = (word: string): Kind =>
  word.startsWith(FRAGMENT.mark) ? 'fragment' : word.includes(' ') ? 'pair' : 'word'

/** How much each word of a text counts; together they have length 1. */
export function weigh(
  words: Iterable<string>,
  telling: (word: string) => number | undefined,
): Map<string, number> {
  const weights = new Map<string, number>()
  for (const word of words) {
    const much = telling(word)
    if (much !== undefined) weights.set(word, much * WORTH[kindOf(word)])
  }
  const length = Math.sqrt([...weights.values()].reduce((sum, weight) => sum + weight * weight, 0)) || 1
  return new Map([...weights].map(([word, weight]) => [word, weight / length]))
}

/** What a text shows of a check counts as a word of its own: how strong its symptoms are, in three steps. */
export const markOf = (check: CheckId, share: number): string =>
  `#${check} ${STEPS.filter((least) => share >= least).length}`
const STEPS = [0.2, 0.6]
/** How much a mark counts beside all words together. */
export const MARK = 0.3

/** Checks by how likely a text speaks of them, as a share of all; none where too few of its words are known. `marks`: of what it shows. */
export function spokenOf(
  text: string,
  marks: ReadonlySet<string> = new Set(),
  { checks, bias, words }: Vocabulary = vocabulary(),
): Map<string, number> {
  const known = (word: string) => (Object.hasOwn(words, word) ? words[word] : undefined)
  const telling = (word: string) => {
    const packed = known(word)
    return packed === undefined ? undefined : tellingIn(packed)
  }
  const said = weigh(wordsOf(text), telling)
  if ([...said.keys()].filter((word) => kindOf(word) !== 'fragment').length < FEWEST_WORDS) return new Map()
  const shown = [...marks].map((mark) => [mark, MARK] as const)
  const sums = [...bias]
  for (const [word, times] of [...said, ...shown]) addWeights(known(word) ?? '', times, sums)
  const highest = Math.max(...sums)
  const powers = sums.map((sum) => Math.exp(sum - highest))
  const total = powers.reduce((a, b) => a + b, 0)
  return new Map(checks.map((check, at) => [check, (powers[at] ?? 0) / total]))
}

/** Own choice: one word alone is no sentence. */
const FEWEST_WORDS = 2
