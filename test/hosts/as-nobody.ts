/** Reads sources on this machine as a user without privileges. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Reading } from '../../src/model/reading.ts'
import type { Source } from '../../src/model/source.ts'

const NOBODY = 65534
const LIVE = fileURLToPath(new URL('../../src/hosts/live.ts', import.meta.url))
const SCRIPT = `
const { liveHost } = require(process.argv[1])
const sources = JSON.parse(process.argv[2])
Promise.all(sources.map((source) => liveHost.read(source, new AbortController().signal)))
  .then((readings) => process.stdout.write(JSON.stringify(readings)))`

export async function readAsNobody(sources: readonly Source[]): Promise<readonly Reading[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nobody-'))
  chmodSync(folder, 0o755)
  const bundle = join(folder, 'live.cjs')
  try {
    await build({
      entryPoints: [LIVE],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      define: { 'import.meta.url': '__url' },
      banner: { js: "const __url = require('node:url').pathToFileURL(__filename).href" },
      logLevel: 'error',
    })
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', SCRIPT, bundle, JSON.stringify(sources)], {
      ...user,
      encoding: 'utf8',
      cwd: '/',
    })
    if (stdout === '') throw new Error(stderr)
    return JSON.parse(stdout) as readonly Reading[]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
