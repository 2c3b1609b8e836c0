/** Keeps what most runs do not need out of the bundle's way, so that the program starts fast. */
import { fileURLToPath } from 'node:url'

/** Libraries that are large and seldom used: each a file of its own in `dist/lib`, loaded where it is imported dynamically. */
export const SEPARATE = ['listr2', 'systeminformation', 'xz-decompress']

export const fileOf = (library) => `lib/${library}.cjs`

const ASCII_WIDTH = fileURLToPath(new URL('ascii-width.mjs', import.meta.url))

/** @type {import('esbuild').Plugin} */
export const esbuildLean = {
  name: 'lean',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${SEPARATE.join('|')})$`) }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path: `./${fileOf(path)}`, external: true } : undefined,
    )
    // yargs measures its help, which is ASCII; the real library takes 25 ms to load.
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /node_modules\/(yargs|cliui)\//.test(importer) ? { path: ASCII_WIDTH } : undefined,
    )
  },
}
