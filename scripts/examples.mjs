/**
 * An example of each finding, taken from the hosts on which the checks are tested: what a report says of them.
 * Usage: node scripts/examples.mjs FILE
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { esbuildChecks } from './checks-plugin.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const TESTS = /\/test\/checks\/.*\.ts$/

/** The tests hand over their cases instead of being run. @type {import('esbuild').Plugin} */
const collecting = {
  name: 'collecting',
  setup(build) {
    build.onResolve({ filter: /^vitest$/ }, () => ({ path: join(ROOT, 'scripts/examples/no-tests.ts') }))
    build.onResolve({ filter: /\/src\/testing\.ts$/ }, ({ importer }) =>
      TESTS.test(importer) ? { path: join(ROOT, 'scripts/examples/collect.ts') } : undefined,
    )
    // Fixtures lie beside the tests, not beside the bundle.
    build.onLoad({ filter: TESTS }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: 'ts',
    }))
  },
}

/** @param {string} file where to write them */
export async function writeExamples(file) {
  const tests = readdirSync(join(ROOT, 'test/checks'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
  const bundle = `${file}.mjs`
  await build({
    stdin: {
      contents: [
        ...tests.map((test) => `import ${JSON.stringify(join(ROOT, 'test/checks', test))}`),
        `export { examples } from ${JSON.stringify(join(ROOT, 'scripts/examples/collect.ts'))}`,
      ].join('\n'),
      resolveDir: ROOT,
    },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    plugins: [collecting, esbuildChecks],
    logLevel: 'warning',
  })
  const { examples } = await import(pathToFileURL(bundle).href)
  writeFileSync(file, JSON.stringify(await examples()))
  rmSync(bundle)
}
