import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { lock } from '../../../src/fix/apply/lock.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'seaworthy-lock-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

it('lets one run in at a time, and the next one once it is done', async () => {
  const state = folder()
  const unlock = await lock(state)
  await expect(lock(state)).rejects.toThrow(`process ${process.pid}`)
  await unlock()
  await (await lock(state))()
  expect(existsSync(join(state, 'lock'))).toBe(false)
})

it.each([
  ['a process that is gone', '4194304 1 x'],
  ['another process that has the same number now', `${process.pid} 1 x`],
  ['a crash before it was on the disk', ''],
])('does not mind a lock that was left behind: %s', async (_, text) => {
  const state = folder()
  writeFileSync(join(state, 'lock'), text)
  const unlock = await lock(state)
  await unlock()
})

it('is taken by one of many that find it left behind at once', async () => {
  const state = folder()
  writeFileSync(join(state, 'lock'), '4194304 1 x')
  const taken = await Promise.allSettled(Array.from({ length: 8 }, () => lock(state)))
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('says that nothing was touched where it cannot be written', async () => {
  await expect(lock('/nonexistent')).rejects.toThrow(
    'nothing was touched: /nonexistent cannot be written: no such file',
  )
})
