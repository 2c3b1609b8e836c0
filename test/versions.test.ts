import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { atLeast, compareVersions, inRange } from '../src/versions.ts'

describe('compareVersions', () => {
  it.each([
    ['1.9', '1.41'],
    ['1.0.0-rc10', '1.0.0-rc93'],
    ['1.0.0-rc93', '1.0.0'],
    ['1.2.0-rc.3', '1.2.0'],
    ['1.2.0-beta.9', '1.2.0-rc.1'],
    ['20.10.24', '20.10.25+dfsg1'],
    ['5:28.5.2-1~debian.12~bookworm', '29.0.0'],
    ['garbage', '0.0.1'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0)
    expect(compareVersions(newer, older)).toBeGreaterThan(0)
  })
  it.each([
    ['1.0.0-rc93', '1.0.0-rc.93'],
    ['v27.3', '27.3.0'],
    ['20.10.24+dfsg1', '20.10.24'],
  ])('%s is %s', (a, b) => expect(compareVersions(a, b)).toBe(0))
  it('is an order, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const forth = compareVersions(a, b)
        expect(Number.isFinite(forth)).toBe(true)
        expect(Math.sign(forth)).toBe(-Math.sign(compareVersions(b, a)) || 0)
      }),
      { numRuns: 10_000 },
    )
  })
})

it('a pre-release has what its release has; what is no version has nothing', () => {
  expect(atLeast('29.0.0-rc.1', '29.0.0')).toBe(true)
  expect(atLeast('28.5.2', '29')).toBe(false)
  expect(atLeast(null, '0')).toBe(false)
  expect(atLeast('latest', '0')).toBe(false)
})
it('a range begins with its first version and ends before its last', () => {
  const range = { from: '1.0.0-rc93', before: '1.1.12' }
  expect(['1.0.0-rc92', '1.0.0-rc93', '1.1.11', '1.1.12'].map((one) => inRange(one, range))).toEqual([
    false,
    true,
    true,
    false,
  ])
})
