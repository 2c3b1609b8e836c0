/** Resolves `seaworthy:checks` to the list of all checks found by folder; for esbuild and for Vite. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ID = 'seaworthy:checks'
const CHECKS = fileURLToPath(new URL('../checks/', import.meta.url))

function moduleText() {
  const files = readdirSync(CHECKS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
  const imports = files.map((name, i) => `import c${i} from ${JSON.stringify(join(CHECKS, name))}`)
  return `${imports.join('\n')}\nexport default [${files.map((_, i) => `c${i}`).join(', ')}]\n`
}

/** @type {import('esbuild').Plugin} */
export const esbuildChecks = {
  name: ID,
  setup(build) {
    build.onResolve({ filter: /^seaworthy:checks$/ }, () => ({ path: ID, namespace: ID }))
    build.onLoad({ filter: /.*/, namespace: ID }, () => ({ contents: moduleText(), resolveDir: CHECKS }))
  },
}

/** @type {import('vite').Plugin} */
export const viteChecks = {
  name: ID,
  resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
  load: (id) => (id === `\0${ID}` ? moduleText() : undefined),
}
