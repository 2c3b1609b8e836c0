import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pack, rarityIn, weightsIn } from '../../src/diagnose/packed.ts'

describe('a packed word', () => {
  it('is a digit for how rare it is, and three for each check that it speaks for', () => {
    expect(
      pack({
        rarity: 1.5,
        weights: [
          [0, 0.2],
          [65, -1],
        ],
      }),
    ).toBe('a00x11r')
  })
  it('leaves out what weighs nothing, and holds no more than its digits can', () => {
    expect(pack({ rarity: 0, weights: [[1, 0.05]] })).toBe('0')
    expect(weightsIn(pack({ rarity: 99, weights: [[1, 99]] }))).toEqual([[1, expect.closeTo(6.2)]])
  })
  it('says the same when it is read', () => {
    const weight = fc.double({ min: -6, max: 6, noNaN: true }).filter((one) => Math.abs(one) > 0.1)
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 9, noNaN: true }),
        fc.array(fc.tuple(fc.nat(4095), weight)),
        (rarity, weights) => {
          const packed = pack({ rarity, weights })
          expect(Math.abs(rarityIn(packed) - rarity)).toBeLessThan(0.08)
          expect(weightsIn(packed)).toEqual(weights.map(([check, one]) => [check, expect.closeTo(one, 0)]))
        },
      ),
    )
  })
  it('is read whatever it holds', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => Array.isArray(weightsIn(text))))
    expect(weightsIn('')).toEqual([])
  })
})
