import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFileNr, parseKeyUsers, parseTasks } from '../../src/facts/kernel-limits.ts'
import { hostile, hostileRuns } from '../net/hostile.ts'

const KEY_USERS =
  '    0:    69 68/68 5/1000000 88/25000000\n  984:     1 1/1 1/200 9/20000\n 1000:     5 5/5 4/200 57/20000\n'

describe('parseFileNr', () => {
  it.each([
    ['1492\t0\t2466177\n', 1492],
    ['11520\t32\t9223372036854775807\n', 11488],
    ['', null],
    ['1492 0', null],
  ])('%j', (text, open) => {
    expect(parseFileNr(text)).toBe(open)
  })
  it('never throws', () => {
    hostileRuns(fc.property(hostile('1492\t0\t2466177\n'), (text) => !Number.isNaN(parseFileNr(text) ?? 0)))
  })
})

describe('parseTasks', () => {
  it.each([
    ['1.09 0.53 0.98 6/450 1275\n', 450],
    ['0.00 0.01 0.05 1/86 3213\n', 86],
    ['1.09 0.53', null],
  ])('%j', (text, count) => {
    expect(parseTasks(text)).toBe(count)
  })
  it('never throws', () => {
    hostileRuns(
      fc.property(hostile('1.09 0.53 0.98 6/450 1275\n'), (text) => !Number.isNaN(parseTasks(text) ?? 0)),
    )
  })
})

describe('parseKeyUsers', () => {
  it('knows who has how many', () => {
    expect(parseKeyUsers(KEY_USERS)).toEqual([
      { uid: 0, key: 'kernel.keys.root_maxkeys', used: 5, most: 1_000_000, reserved: 0 },
      { uid: 984, key: 'kernel.keys.maxkeys', used: 1, most: 200, reserved: 0 },
      { uid: 1000, key: 'kernel.keys.maxkeys', used: 4, most: 200, reserved: 0 },
    ])
  })
  it('never throws', () => {
    hostileRuns(fc.property(hostile(KEY_USERS), (text) => parseKeyUsers(text).every(({ used }) => used >= 0)))
  })
})
