/**
 * Killed at any point: a process carries a plan out and kills itself at its first, second, third … write to the disk; what it left half done is
 * then taken back.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cutOffRun, pastRuns, undoRun } from '../../../src/fix/apply/runs.ts'
import { contentsOf } from './bench.ts'

const folder = mkdtempSync(join(tmpdir(), 'seaworthy-killed-'))
const program = join(folder, 'program.mjs')
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, 'killed/program.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    logLevel: 'error',
  })
})

interface Place {
  readonly host: string
  readonly state: string
}

function fresh(name: string): Place {
  const [host, state] = [join(folder, name, 'host'), join(folder, name, 'state')]
  for (const path of [host, state]) mkdirSync(path, { recursive: true })
  writeFileSync(join(host, 'daemon.json'), '{ "mtu": 1500 }\n', { mode: 0o600 })
  writeFileSync(join(host, 'lines'), 'one\ntwo\n')
  return { host, state }
}

/** Whether it was killed. */
function killedAt(write: number, { host, state }: Place, task: 'apply' | 'undo'): boolean {
  const { signal, status, stderr } = spawnSync(
    process.execPath,
    [program, task, host, state, String(write)],
    {
      encoding: 'utf8',
    },
  )
  expect([0, null], stderr).toContain(status)
  return signal === 'SIGKILL'
}

it('can be taken back whole, after whichever write it was killed', async () => {
  let write = 1
  for (; ; write++) {
    const place = fresh(`apply-${write}`)
    const before = contentsOf(place.host)
    if (!killedAt(write, place, 'apply')) break
    const cutOff = await cutOffRun(place.state)
    if (cutOff) await undoRun(place.state, '', cutOff.run)
    else
      for (const { state } of await pastRuns(place.state))
        expect(state, 'killed after its end').toBe('applied')
    expect(cutOff ? contentsOf(place.host) : before, `killed at write ${write}`).toEqual(before)
  }
  expect(write, 'there were writes to be killed at').toBeGreaterThan(12)
}, 120_000)

it('can be taken back once more, after whichever write the taking back was killed', async () => {
  let write = 1
  for (; ; write++) {
    const place = fresh(`undo-${write}`)
    const before = contentsOf(place.host)
    expect(killedAt(0, place, 'apply')).toBe(false)
    expect(contentsOf(place.host)).not.toEqual(before)
    if (!killedAt(write, place, 'undo')) break
    const [run] = await pastRuns(place.state)
    if (run?.state !== 'takenBack') await undoRun(place.state, '', run?.run)
    expect(contentsOf(place.host), `killed at write ${write}`).toEqual(before)
  }
  expect(write).toBeGreaterThan(6)
  expect(existsSync(program)).toBe(true)
}, 120_000)
