/**
 * Builds the shipped program: the entry `dist/seaworthy.cjs`, what it loads in `dist/lib`, and the schema of its reports. Run by `npm ci` (prepare).
 * Usage: node scripts/build.mjs [FOLDER]
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { esbuildChecks } from './checks-plugin.mjs'
import { writeExamples } from './examples.mjs'
import { esbuildEntry, esbuildLean, SEPARATE } from './lean-plugin.mjs'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
const [folder, ...more] = process.argv.slice(2)
if (folder?.startsWith('-') || more.length > 0) {
  console.error('usage: node scripts/build.mjs [FOLDER]')
  process.exit(2)
}
const dist = folder ? resolve(folder) : at('dist')
const out = join(dist, 'seaworthy.cjs')

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist, { recursive: true })
const bundle = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  mainFields: ['module', 'main'],
  // Then what stays outside the bundle is loaded by require, which is quicker.
  supported: { 'dynamic-import': false },
  define: { __VERSION__: JSON.stringify(version), 'import.meta.url': '__importMetaUrl' },
  inject: [at('scripts/import-meta-url.js')],
  legalComments: 'linked',
  logLevel: 'warning',
}

await build({
  ...bundle,
  entryPoints: [at('src/cli/main.ts')],
  outfile: out,
  banner: { js: '#!/usr/bin/env node' },
  plugins: [esbuildEntry],
})
await build({
  ...bundle,
  entryPoints: [at('src/cli/program.ts')],
  outfile: join(dist, 'lib/program.cjs'),
  plugins: [esbuildChecks, esbuildLean],
})
escapeNonAscii(join(dist, 'lib/program.cjs'))
for (const library of SEPARATE) {
  await build({
    ...bundle,
    entryPoints: [library],
    absWorkingDir: at(''),
    outfile: join(dist, `lib/${library}.cjs`),
  })
}
await writeExamples(join(dist, 'lib/examples.json'))
copyFileSync(at('src/diagnose/vocabulary.json'), join(dist, 'lib/vocabulary.json'))
chmodSync(out, 0o755)
copyFileSync(at('scripts/start.cjs'), join(dist, 'lib/start.cjs'))
execFileSync(process.execPath, [
  at('scripts/code-cache.cjs'),
  dist,
  at('test/hosts/debian-12-docker.json'),
  at('test/hosts/debian-12-bare.json'),
])

const schema = await reportSchema()
writeFileSync(join(dist, 'report.schema.json'), `${JSON.stringify(schema, null, 2)}\n`)

/** What esbuild leaves as it is: regular expressions. One such character doubles the memory of the whole program, and its reading takes twice as long. */
function escapeNonAscii(file) {
  const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  writeFileSync(file, readFileSync(file, 'utf8').replace(/[^\0-\x7f]/g, escaped))
}

/** The model is TypeScript, which Node 20 does not run: bundled in memory, then imported. */
async function reportSchema() {
  const { outputFiles } = await build({
    entryPoints: [at('src/model/report.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'warning',
  })
  const url = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
  return (await import(url)).reportJsonSchema()
}
