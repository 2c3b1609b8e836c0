/** The real program, built once per test file into a folder of its own. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { execa } from 'execa'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Program {
  readonly folder: string
  readonly path: string
  run(args: readonly string[], options?: RunOptions): Promise<Ended>
  remove(): Promise<void>
}

interface RunOptions {
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

export async function buildProgram(): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'seaworthy-test-'))
  const script = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))
  await promisify(execFile)(process.execPath, [script, join(folder, 'dist')])
  const path = join(folder, 'dist/seaworthy.cjs')
  return {
    folder,
    path,
    run: (args, options = {}) => run(path, args, options),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

async function run(path: string, args: readonly string[], { input, env }: RunOptions): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [path, ...args], {
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
    extendEnv: false,
    input: input ?? '',
    reject: false,
    stripFinalNewline: false,
  })
  return { code: exitCode ?? null, stdout, stderr }
}
