/**
 * How often `seaworthy diagnose` names the right check, from the text alone.
 *
 *   node bench/diagnose.mjs CASES.jsonl [CHECKS.json]
 *
 * A case is a line of JSON: `symptom`, the text; `check`, the id of the check that is to be named, or a list where several would do, or `cause_tag`,
 * which CHECKS.json maps to one; perhaps `id`, `area`, `source`, and `evidence`: `files` and `commands`, lists of [name, content]. A case whose text names its own cause
 * (`symptom_leaks_cause`) proves nothing, and is left out.
 *
 * Options: --misses lists what was named instead; --confusion prints who is taken for whom; --fold N/M counts only the cases whose source falls
 * into part N of M.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { esbuildChecks } from '../scripts/checks-plugin.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    misses: { type: 'boolean', default: false },
    confusion: { type: 'boolean', default: false },
    fold: { type: 'string' },
  },
})
const [casesFile = process.env.SEAWORTHY_CASES, checksFile = process.env.SEAWORTHY_CASE_CHECKS] = positionals
if (!casesFile) {
  console.error(
    'usage: node bench/diagnose.mjs CASES.jsonl [CHECKS.json] [--misses] [--confusion] [--fold N/M]',
  )
  process.exit(2)
}

const byTag = checksFile ? JSON.parse(readFileSync(checksFile, 'utf8')) : {}
const cases = readFileSync(casesFile, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => JSON.parse(line))
  .filter((one) => one.symptom_leaks_cause !== true && isInFold(String(one.source ?? one.id)))
  .map((one) => ({ ...one, checks: [one.check ?? byTag[one.cause_tag] ?? []].flat() }))

const unmapped = [
  ...new Set(cases.filter(({ checks }) => checks.length === 0).map((one) => one.cause_tag ?? one.id)),
]
if (unmapped.length > 0) {
  console.error(`no check is given for: ${unmapped.join(', ')}`)
  process.exit(2)
}

const { diagnoseText } = await program()
const asTold = []
const withEvidence = []
for (const one of cases) {
  asTold.push({ ...one, ...(await diagnoseText(one.symptom)) })
  withEvidence.push({ ...one, ...(await diagnoseText(withPasted(one))) })
}

console.log(`${cases.length} cases`)
print('text alone', asTold)
print('with the evidence pasted', withEvidence)
byConfidence([...asTold, ...withEvidence])
byArea(asTold)
if (values.confusion) confusion(asTold)
if (values.misses) misses(asTold)

/** TypeScript, bundled in memory: Node.js 20 does not run it. */
async function program() {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { catalogue } from './src/engine/catalogue.ts'
        import { diagnose } from './src/diagnose/judge.ts'
        const options = { checks: catalogue, host: null, settings: { profile: 'docker' }, offline: true, timeoutS: 30, version: '0' }
        export const diagnoseText = async (text) => {
          const { causes } = await diagnose(text, options)
          return { named: causes.map(({ check }) => check), confidence: causes[0]?.confidence }
        }
      `,
      resolveDir: ROOT,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    // The weights of words lie beside the module that reads them.
    define: {
      'import.meta.url': JSON.stringify(new URL('src/diagnose/vocabulary.ts', `file://${ROOT}`).href),
    },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    plugins: [esbuildChecks],
    logLevel: 'error',
  })
  const { writeFileSync, mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'))
  try {
    writeFileSync(join(folder, 'diagnose.mjs'), outputFiles[0].contents)
    return await import(join(folder, 'diagnose.mjs'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The same source is always in the same part. */
function isInFold(source) {
  if (!values.fold) return true
  const [part, parts] = values.fold.split('/').map(Number)
  const sum = [...source].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7)
  return sum % parts === part % parts
}

/** As a person would paste it beneath the message. */
function withPasted({ symptom, evidence }) {
  const pairs = (list) => (Array.isArray(list) ? list : Object.entries(list ?? {}))
  const files = pairs(evidence?.files).map(([path, content]) => `$ cat ${path}\n${content}`)
  const commands = pairs(evidence?.commands).map(([command, output]) => `$ ${command}\n${output}`)
  return [symptom, ...files, ...commands].join('\n\n')
}

function print(what, judged) {
  console.log(`${what.padEnd(26)} first ${share(judged, 1)}   among the first three ${share(judged, 3)}`)
}

function share(judged, among) {
  const right = judged.filter(({ checks, named }) => isRight(checks, named.slice(0, among))).length
  return `${String(right).padStart(4)} ${((right / judged.length) * 100).toFixed(1).padStart(5)} %`
}

function isRight(checks, named) {
  return named.some((check) => checks.includes(check))
}

/** How far its own words can be trusted. */
function byConfidence(judged) {
  for (const confidence of ['confirmed', 'likely', 'possible']) {
    const said = judged.filter((one) => one.confidence === confidence)
    if (said.length > 0)
      console.log(`called ${confidence.padEnd(20)} right ${share(said, 1)} of ${said.length}`)
  }
}

function byArea(judged) {
  const areas = [...new Set(judged.map(({ area, checks }) => area ?? checks[0].split('/')[0]))].sort()
  for (const area of areas) {
    const there = judged.filter((one) => (one.area ?? one.checks[0].split('/')[0]) === area)
    console.log(
      `  ${area.padEnd(16)} ${String(there.length).padStart(4)}   first ${share(there, 1)}   three ${share(there, 3)}`,
    )
  }
}

function confusion(judged) {
  const pairs = new Map()
  for (const { checks, named } of judged) {
    if (isRight(checks, named.slice(0, 1))) continue
    const pair = `${checks[0].padEnd(28)} taken for ${named[0] ?? 'nothing'}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  console.log('\nconfusion')
  for (const [pair, times] of [...pairs].sort((a, b) => b[1] - a[1]))
    console.log(`  ${String(times).padStart(3)} ${pair}`)
}

function misses(judged) {
  console.log('\nmisses')
  for (const { id, checks, named, symptom } of judged) {
    if (isRight(checks, named.slice(0, 1))) continue
    const mark = isRight(checks, named.slice(0, 3)) ? 'late' : 'MISS'
    console.log(
      `  ${mark} ${id ?? ''} ${checks.join(' or ')} named ${named.slice(0, 3).join(', ') || 'nothing'}`,
    )
    console.log(`       ${symptom.replace(/\s+/g, ' ').slice(0, 200)}`)
  }
}
