/**
 * Learns which words speak for which check, and writes src/diagnose/vocabulary.json. The reports that it learns from are public, and no part of the
 * project; what is kept is weights.
 *
 *   node scripts/learn-vocabulary.mjs [--checks CHECKS.json] CASES.jsonl...
 *
 * A case is a line of JSON as bench/diagnose.mjs takes it; `worth` says how much it counts beside others, 1 without it, and `cause` what was found out,
 * in a sentence. `shares`, from id of check to share, is for a text that does not tell which it was: of those who show it, for how many is it this one?
 * Softmax regression over the words that cases share and over what they show, with that sentence, and what each check says of itself, as
 * one more case of it; AdaGrad, in each round without some of the words, so that no single one decides; the same result each time.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { esbuildChecks } from './checks-plugin.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = fileURLToPath(new URL('../src/diagnose/vocabulary.json', import.meta.url))

const ROUNDS = 28
/** Before this round, what weighs little is left out; the rest learns to do without it. */
const LEAVE_OUT = 16
const RATE = 0.15
/** The share of words that a round does without, and how few must be left. */
const WITHOUT = 0.5
const FEWEST_LEFT = 2
/** What a check says of itself, or somebody who knows the cause, beside a person who met it. */
const KNOWING = 0.5
/** How far the frequency of checks is that of the cases of full worth, and not that of all: others are written, so many of each. */
const AS_MET = 0.4
/** Of a check that was never met. */
const UNMET = 2
/** A word of few cases tells little: so many more are taken to be of the usual checks. */
const PRIOR = 4
const LEAST_DIVERGENCE = 0.01
const FEWEST_CASES = { word: 2, pair: 3, fragment: 4 }
/** Half-way, what is below it is left out. */
const LEAST_WEIGHT = { word: 0.35, pair: 0.35, fragment: 0.525 }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { checks: { type: 'string' } } })
const byTag = values.checks ? JSON.parse(readFileSync(values.checks, 'utf8')) : {}
const { catalogue, heardIn, kindOf, MARK, pack, weigh, wordsOf } = await program()
const checks = catalogue.map(({ id }) => id).sort()
const place = new Map(checks.map((id, at) => [id, at]))

const cases = [
  ...positionals.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .flatMap(casesOf),
  ),
  ...catalogue.map(({ id, title, why, findings }) => ({
    ...told([title, why, ...Object.values(findings).map(({ message }) => message)].join('\n')),
    wanted: [[place.get(id), 1]],
    worth: KNOWING,
  })),
].filter(({ wanted }) => wanted.length > 0)

const counts = new Map()
for (const { words } of cases) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
const telling = tellingWords()
const examples = cases.map((one) => ({
  ...one,
  words: [...weigh(one.words, (word) => telling.get(word))],
  marks: [...one.marks].map((mark) => [mark, MARK]),
}))
const rows = new Map()
const bias = new Float64Array(checks.length)
learn()
writeFileSync(OUT, `${JSON.stringify(vocabulary())}\n`)
console.log(`${cases.length - catalogue.length} cases, ${Object.keys(vocabulary().words).length} words`)

function casesOf(one) {
  const wanted = wantedOf(one)
  const worth = one.worth ?? 1
  const asPosted = { ...heardIn(one.symptom), wanted, worth, isMet: worth === 1 }
  return one.cause ? [asPosted, { ...told(one.cause), wanted, worth: KNOWING * worth }] : [asPosted]
}

/** Each check that is to be named, by its place, with its share. */
function wantedOf({ shares, check, cause_tag }) {
  const said = shares ?? Object.fromEntries([check ?? byTag[cause_tag] ?? []].flat().map((id) => [id, 1]))
  const known = Object.entries(said).filter(([id]) => place.has(id))
  const total = known.reduce((sum, [, share]) => sum + share, 0)
  return known.map(([id, share]) => [place.get(id), share / total])
}

/** Somebody's account of a cause shows nothing of it. */
function told(text) {
  return { words: wordsOf(text), marks: [] }
}

/** How telling a word is: how rare, and how far from usual are the checks of its cases (the root of Kullback and Leibler's divergence). */
function tellingWords() {
  const spoken = new Map()
  for (const { words, wanted, worth } of cases) {
    for (const word of words) {
      if (counts.get(word) < FEWEST_CASES[kindOf(word)]) continue
      const by = spoken.get(word) ?? new Map()
      spoken.set(word, by)
      for (const [check, share] of wanted) by.set(check, (by.get(check) ?? 0) + worth * share)
    }
  }
  const usual = frequencies(1, ({ worth }) => worth)
  return new Map(
    [...spoken].map(([word, by]) => {
      const rarity = Math.log(cases.length / counts.get(word))
      return [word, rarity * Math.sqrt(divergence(by, usual))]
    }),
  )
}

/** Of what was counted, beside `PRIOR` cases as usual. */
function divergence(by, usual) {
  const sum = [...by.values()].reduce((a, b) => a + b, 0)
  let found = 0
  let rest = 1
  for (const [check, count] of by) {
    const share = (count + PRIOR * usual[check]) / (sum + PRIOR)
    found += share * Math.log(share / usual[check])
    rest -= usual[check]
  }
  const shrunk = PRIOR / (sum + PRIOR)
  return Math.max(found + Math.max(rest, 0) * shrunk * Math.log(shrunk), LEAST_DIVERGENCE)
}

/** Each check's share of the cases, with `least` of each to begin with. */
function frequencies(least, worthOf) {
  const sums = new Float64Array(checks.length).fill(least)
  for (const one of cases) for (const [check, share] of one.wanted) sums[check] += worthOf(one) * share
  const total = sums.reduce((a, b) => a + b, 0)
  return sums.map((sum) => sum / total)
}

function learn() {
  const biasSquares = new Float64Array(checks.length).fill(1e-6)
  for (let round = 0; round < ROUNDS; round++) {
    if (round === LEAVE_OUT) leaveOut()
    const next = randomFrom(round + 1)
    for (const { words, marks, wanted, worth } of shuffled(examples, next)) {
      const found = [...someOf(words, next), ...marks].map(([word, weight]) => [rowOf(word), weight])
      const errors = shares(found)
      for (const [check, share] of wanted) errors[check] -= share
      for (let check = 0; check < checks.length; check++) {
        const error = errors[check] * worth
        if (Math.abs(error) < 1e-4) continue
        biasSquares[check] += error * error
        bias[check] -= (0.1 * RATE * error) / Math.sqrt(biasSquares[check])
        for (const [row, weight] of found) {
          const slope = error * weight
          row.squares[check] += slope * slope
          row.weights[check] -= (RATE * slope) / Math.sqrt(row.squares[check])
        }
      }
    }
  }
}

/** A weight whose slopes add up to infinity stays as it is. */
function leaveOut() {
  for (const [word, { weights, squares }] of rows) {
    for (const [check, weight] of weights.entries()) {
      if (Math.abs(weight) < LEAST_WEIGHT[kindOf(word)]) {
        weights[check] = 0
        squares[check] = Number.POSITIVE_INFINITY
      }
    }
  }
}

/** Some of the words, which count as much together as all of them. */
function someOf(words, next) {
  const left = words.filter(() => next() >= WITHOUT)
  if (left.length < FEWEST_LEFT) return words
  const length = Math.hypot(...left.map(([, weight]) => weight))
  return left.map(([word, weight]) => [word, weight / length])
}

/** By how much a check is met more often than there are cases of it: a logarithm. */
function metMoreOften() {
  const all = frequencies(1, ({ worth }) => worth)
  const met = frequencies(UNMET, ({ isMet }) => (isMet ? 1 : 0))
  return checks.map((_, check) => Math.log(met[check] / all[check]))
}

function rowOf(word) {
  let row = rows.get(word)
  if (!row) {
    row = { weights: new Float64Array(checks.length), squares: new Float64Array(checks.length).fill(1e-3) }
    rows.set(word, row)
  }
  return row
}

function shares(found) {
  const sums = Float64Array.from(bias)
  for (const [row, weight] of found)
    for (let check = 0; check < sums.length; check++) sums[check] += weight * row.weights[check]
  const highest = Math.max(...sums)
  const powers = sums.map((sum) => Math.exp(sum - highest))
  const total = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / total)
}

/** The same numbers each time that this runs, between 0 and 1. */
function randomFrom(seed) {
  return () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
}

function shuffled(items, next) {
  return items
    .map((item) => [next(), item])
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

function vocabulary() {
  const words = {}
  for (const word of [...rows.keys()].sort()) {
    const weights = [...rows.get(word).weights.entries()]
    const packed = pack({ telling: telling.get(word) ?? 0, weights })
    if (packed.length > 1) words[word] = packed
  }
  const shift = metMoreOften()
  return { checks, bias: [...bias].map((weight, check) => round(weight + AS_MET * shift[check])), words }
}

function round(number) {
  return Math.round(number * 100) / 100
}

/** TypeScript, bundled in memory: Node.js 20 does not run it. */
async function program() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { heardIn as heardInPaste } from './src/diagnose/candidates.ts'
        import { condensed } from './src/diagnose/paste/condense.ts'
        import { parsePaste } from './src/diagnose/paste/blocks.ts'
        import { catalogue } from './src/engine/catalogue.ts'
        import { clean } from './src/hosts/redact.ts'
        export const heardIn = (text) => heardInPaste(parsePaste(clean(condensed(text))), catalogue)
        export { catalogue }
        export { pack } from './src/diagnose/packed.ts'
        export { kindOf, MARK, weigh, wordsOf } from './src/diagnose/vocabulary.ts'
      `,
      resolveDir: ROOT,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)})`,
    },
    plugins: [esbuildChecks],
    write: false,
    logLevel: 'warning',
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
