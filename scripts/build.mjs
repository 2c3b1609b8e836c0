/** Builds the shipped program: one bundle, `dist/seaworthy.cjs`. Run by `npm ci` (prepare). */
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { esbuildChecks } from './checks-plugin.mjs'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'))
const out = at('dist/seaworthy.cjs')

rmSync(at('dist'), { recursive: true, force: true })
await build({
  entryPoints: [at('src/cli/main.ts')],
  outfile: out,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  mainFields: ['module', 'main'],
  banner: { js: '#!/usr/bin/env node' },
  define: { __VERSION__: JSON.stringify(version), 'import.meta.url': '__importMetaUrl' },
  inject: [at('scripts/import-meta-url.js')],
  plugins: [esbuildChecks],
  legalComments: 'linked',
  logLevel: 'warning',
})
chmodSync(out, 0o755)
