/** Keeps what most runs do not need out of the bundle's way, so that the program starts fast. */
import { fileURLToPath } from 'node:url'

/** Libraries that are large and seldom used: each a file of its own, loaded where it is imported dynamically. */
export const SEPARATE = ['listr2', 'systeminformation', 'xz-decompress']

const ASCII_WIDTH = fileURLToPath(new URL('ascii-width.mjs', import.meta.url))

/** The entry alone: what it imports dynamically is `lib/start.cjs`, which loads the program. @type {import('esbuild').Plugin} */
export const esbuildEntry = {
  name: 'entry',
  setup(build) {
    build.onResolve({ filter: /^\.\/program\.ts$/ }, () => ({ path: './lib/start.cjs', external: true }))
  },
}

/** @type {import('esbuild').Plugin} */
export const esbuildLean = {
  name: 'lean',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${SEPARATE.join('|')})$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${path}.cjs`, external: true } : undefined,
    )
    // yargs measures its help, which is ASCII; the real library takes 25 ms to load.
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /node_modules\/(yargs|cliui)\//.test(importer) ? { path: ASCII_WIDTH } : undefined,
    )
  },
}
