/**
 * What people's words speak for, where no message tells: a linear model of single words and pairs of words, learned from public reports whose cause was
 * found out (`scripts/learn-vocabulary.mjs`). It holds weights, no texts. What it suggests is possible, never more.
 */
import { readFileSync } from 'node:fs'

export interface Vocabulary {
  /** Ids of checks. */
  readonly checks: readonly string[]
  /** Of each check, before any word is seen. */
  readonly bias: readonly number[]
  /** By word: how telling it is, then pairs of a check's place in the list and a weight. */
  readonly words: Readonly<Record<string, readonly number[]>>
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
const telling = (text: string): string =>
  text.length <= MOST_CHARACTERS
    ? text
    : `${text.slice(0, MOST_CHARACTERS / 2)}\n${text.slice(-MOST_CHARACTERS / 2)}`
const WORD = /[a-z][a-z0-9_]*(?:[-/.][a-z0-9_]+)*|[\u4e00-\u9fff]/g
const ID = /\b[0-9a-f]{12,64}\b/g
const ADDRESS = /\d+\.\d+\.\d+\.\d+(?::\d+)?(?:\/\d+)?/g

/** Words and pairs of words of a text, each once; pairs are joined by a blank. Names made of parts count as their parts, too. */
export function wordsOf(text: string): Set<string> {
  const plain = telling(text).toLowerCase().replace(ID, ' an-id ').replace(ADDRESS, ' an-address ')
  const words = plain.match(WORD) ?? []
  const parts = words.flatMap((word) =>
    /[-/.]/.test(word) ? word.split(/[-/.]/).filter(({ length }) => length > 2) : [],
  )
  const pairs = words.slice(1).map((word, at) => `${words[at]} ${word}`)
  return new Set([...words.filter((word) => word.length > 1 || word > '\u4e00'), ...parts, ...pairs])
}

/** A pair says less than a word that is as rare: its words count by themselves. */
const PAIR = 0.7

/** How much each word of a text counts; together they have length 1. */
export function weigh(
  words: Iterable<string>,
  rarity: (word: string) => number | undefined,
): Map<string, number> {
  const weights = new Map<string, number>()
  for (const word of words) {
    const rare = rarity(word)
    if (rare !== undefined) weights.set(word, rare * (word.includes(' ') ? PAIR : 1))
  }
  const length = Math.hypot(...weights.values())
  return new Map([...weights].map(([word, weight]) => [word, weight / length]))
}

/** Checks by how likely a text speaks of them, as a share of all; none where too few of its words are known. */
export function spokenOf(
  text: string,
  { checks, bias, words }: Vocabulary = vocabulary(),
): Map<string, number> {
  const weights = weigh(wordsOf(text), (word) => (Object.hasOwn(words, word) ? words[word]?.[0] : undefined))
  if (weights.size < FEWEST_WORDS) return new Map()
  const sums = [...bias]
  for (const [word, weight] of weights) {
    const [, ...pairs] = words[word] ?? []
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const check = pairs[at] ?? 0
      sums[check] = (sums[check] ?? 0) + weight * (pairs[at + 1] ?? 0)
    }
  }
  const highest = Math.max(...sums)
  const powers = sums.map((sum) => Math.exp(sum - highest))
  const total = powers.reduce((a, b) => a + b, 0)
  return new Map(checks.map((check, at) => [check, (powers[at] ?? 0) / total]))
}

/** Own choice: one word alone is no sentence. */
const FEWEST_WORDS = 2
