/**
 * Learns which words speak for which check, and writes src/diagnose/vocabulary.json. The reports that it learns from are public, and no part of the
 * project; what is kept is weights.
 *
 *   node scripts/learn-vocabulary.mjs [--checks CHECKS.json] CASES.jsonl...
 *
 * A case is a line of JSON as bench/diagnose.mjs takes it; `worth` says how much it counts beside others, 1 without it. Softmax regression over words and pairs of words that two cases share, with what each check says of
 * itself as one more case of it; AdaGrad, the same result each time.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { esbuildChecks } from './checks-plugin.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const OUT = fileURLToPath(new URL('../src/diagnose/vocabulary.json', import.meta.url))

const ROUNDS = 25
const RATE = 0.15
const DECAY = 5e-4
/** What a check says of itself, beside a person who met it. */
const OWN_TEXT = 0.5
const FEWEST_CASES = { word: 2, pair: 3 }
/** Weights below it are left out. */
const LEAST_WEIGHT = 0.6

const { values, positionals } = parseArgs({ allowPositionals: true, options: { checks: { type: 'string' } } })
const byTag = values.checks ? JSON.parse(readFileSync(values.checks, 'utf8')) : {}
const { catalogue, wordsOf, weigh } = await program()
const checks = catalogue.map(({ id }) => id).sort()
const place = new Map(checks.map((id, at) => [id, at]))

const cases = [
  ...positionals.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
      .map(caseOf),
  ),
  ...catalogue.map(({ id, title, why, findings }) => ({
    words: wordsOf([title, why, ...Object.values(findings).map(({ message }) => message)].join('\n')),
    wanted: [place.get(id)],
    worth: OWN_TEXT,
  })),
].filter(({ wanted }) => wanted.length > 0)

const counts = new Map()
for (const { words } of cases) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
const rarity = (word) => {
  const count = counts.get(word) ?? 0
  return count >= (word.includes(' ') ? FEWEST_CASES.pair : FEWEST_CASES.word)
    ? Math.log(cases.length / count)
    : undefined
}
const examples = cases.map((one) => ({ ...one, weights: [...weigh(one.words, rarity)] }))
const rows = new Map()
const bias = new Float64Array(checks.length)
learn()
writeFileSync(OUT, `${JSON.stringify(vocabulary())}\n`)
console.log(`${cases.length - catalogue.length} cases, ${Object.keys(vocabulary().words).length} words`)

function caseOf(one) {
  const named = [one.check ?? byTag[one.cause_tag] ?? []].flat()
  return {
    words: wordsOf(one.symptom),
    wanted: named.flatMap((id) => place.get(id) ?? []),
    worth: one.worth ?? 1,
  }
}

function learn() {
  const biasSquares = new Float64Array(checks.length).fill(1e-6)
  for (let round = 0; round < ROUNDS; round++) {
    for (const { weights, wanted, worth } of shuffled(examples, round)) {
      const found = weights.map(([word, weight]) => [rowOf(word), weight])
      const errors = shares(found)
      for (const check of wanted) errors[check] -= 1 / wanted.length
      for (let check = 0; check < checks.length; check++) {
        const error = errors[check] * worth
        if (Math.abs(error) < 1e-4) continue
        biasSquares[check] += error * error
        bias[check] -= (0.1 * RATE * error) / Math.sqrt(biasSquares[check])
        for (const [row, weight] of found) {
          const slope = error * weight + DECAY * row.weights[check]
          row.squares[check] += slope * slope
          row.weights[check] -= (RATE * slope) / Math.sqrt(row.squares[check])
        }
      }
    }
  }
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

/** In another order each round, and in the same one each time that this runs. */
function shuffled(items, round) {
  let seed = round + 1
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  return items
    .map((item) => [next(), item])
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item)
}

function vocabulary() {
  const words = {}
  for (const word of [...rows.keys()].sort()) {
    const kept = [...rows.get(word).weights].flatMap((weight, check) =>
      Math.abs(weight) >= LEAST_WEIGHT ? [check, round(weight)] : [],
    )
    if (kept.length > 0) words[word] = [round(rarity(word)), ...kept]
  }
  return { checks, bias: [...bias].map(round), words }
}

function round(number) {
  return Math.round(number * 100) / 100
}

/** TypeScript, bundled in memory: Node.js 20 does not run it. */
async function program() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        export { catalogue } from './src/engine/catalogue.ts'
        export { wordsOf, weigh } from './src/diagnose/vocabulary.ts'
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
