import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addWeights, pack, tellingIn } from '../../src/diagnose/packed.ts'

function summed(packed: string, times = 1): number[] {
  const sums = [0, 0, 0]
  addWeights(packed, times, sums)
  return sums
}

describe('a packed word', () => {
  it('is a digit for how telling it is, and three for each check that it speaks for', () => {
    expect(
      pack({
        telling: 3,
        weights: [
          [0, 0.2],
          [65, -1],
        ],
      }),
    ).toBe('a00x11r')
  })
  it('leaves out what weighs nothing, and holds no more than its digits can', () => {
    expect(pack({ telling: 0, weights: [[1, 0.05]] })).toBe('0')
    expect(summed(pack({ telling: 99, weights: [[1, 99]] }))).toEqual([0, expect.closeTo(6.2), 0])
  })
  it('counts as much as its text says', () => {
    const packed = pack({
      telling: 1,
      weights: [
        [0, 2],
        [2, -1],
      ],
    })
    expect(summed(packed, 0.5)).toEqual([expect.closeTo(1), 0, expect.closeTo(-0.5)])
  })
  it('says the same when it is read', () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
    fc.assert(
      fc.property(number(0, 18), fc.nat(2), number(-6, 6), (telling, check, weight) => {
        const packed = pack({ telling, weights: [[check, weight]] })
        expect(Math.abs(tellingIn(packed) - telling)).toBeLessThan(0.16)
        expect(Math.abs((summed(packed)[check] ?? 0) - weight)).toBeLessThan(0.11)
      }),
    )
  })
  it('is read whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(summed(text).every(Number.isFinite)).toBe(true)
        expect(tellingIn(text)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
