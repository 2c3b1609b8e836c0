import { symlinkSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { changedSinceRead } from '../../../src/fix/apply/as-read.ts'
import { planOf } from '../../../src/fix/plan.ts'
import { fix, type Step, setJson, writeFile } from '../../../src/model/fix.ts'
import { bench } from './bench.ts'

const plan = (...steps: readonly Step[]) =>
  planOf([{ finding: 'test/test#broken', level: 'fail', message: 'broken', fix: fix('Mend', ...steps) }])

it.each([
  ['as it was read', 'read\n', []],
  ['as the plan makes it', 'made\n', []],
  ['changed', 'theirs\n', ['file']],
  ['gone', null, ['file']],
])('a file that is written as a whole, %s', async (_, now, changed) => {
  const host = bench()
  if (now !== null) writeFileSync(host.at('file'), now)
  const found = await changedSinceRead(plan(writeFile(host.at('file'), 'made\n')), () => 'read\n')
  expect(found).toEqual(changed.map(host.at))
})

it('a file that is reached by a link in its folder', async () => {
  const host = bench()
  writeFileSync(host.at('real'), 'theirs\n')
  symlinkSync('real', host.at('file'))
  expect(await changedSinceRead(plan(writeFile(host.at('file'), 'made\n')), () => 'read\n')).toHaveLength(1)
})

it.each([
  ['was not read', undefined],
  ['holds credentials, which are not in the reading', '{ "proxy": "http://***@p" }'],
  ['is no UTF-8', '\uFFFD'],
])('a file that %s is not compared', async (_, read) => {
  const host = bench()
  writeFileSync(host.at('file'), 'theirs\n')
  expect(await changedSinceRead(plan(writeFile(host.at('file'), 'made\n')), () => read)).toEqual([])
})

it('an edit keeps what others wrote meanwhile, and needs no comparison', async () => {
  const host = bench()
  writeFileSync(host.at('file'), '{ "mtu": 1 }\n')
  expect(await changedSinceRead(plan(setJson(host.at('file'), ['mtu'], 1400)), () => '{}\n')).toEqual([])
})
