/** A folder to change things in, and what lies in it. */
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Applied, applyPlan } from '../../../src/fix/apply/apply.ts'
import { planOf } from '../../../src/fix/plan.ts'
import { fix, type Step } from '../../../src/model/fix.ts'

export interface Bench {
  /** A path on the bench. */
  readonly at: (name: string) => string
  /** Where runs are kept. */
  readonly state: string
  /** Everything that lies there: names, modes, contents. */
  readonly contents: () => Record<string, string>
}

export function bench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [host, state] = [join(folder, 'host'), join(folder, 'state')]
  for (const path of [host, state]) mkdirSync(path)
  return { at: (name) => join(host, name), state, contents: () => contentsOf(host) }
}

export function contentsOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name)
      const stats = lstatSync(path)
      const mode = (stats.mode & 0o7777).toString(8)
      if (stats.isSymbolicLink()) return [name, `link to ${readlinkSync(path)}`]
      return [name, stats.isDirectory() ? `folder ${mode}` : `${mode} ${readFileSync(path, 'latin1')}`]
    }),
  )
}

/** Carries steps out as one finding's fix. */
export const apply = (host: Bench, ...steps: readonly Step[]): Promise<Applied> =>
  applyUntil(new AbortController().signal, host, ...steps)

/** The same, until it is interrupted. */
export const applyUntil = (
  signal: AbortSignal,
  { state }: Bench,
  ...steps: readonly Step[]
): Promise<Applied> =>
  applyPlan(
    planOf([{ finding: 'test/test#broken', level: 'fail', message: 'broken', fix: fix('Mend', ...steps) }]),
    {
      state,
      root: '',
      version: '0',
      signal,
      onStep: () => undefined,
    },
  )
