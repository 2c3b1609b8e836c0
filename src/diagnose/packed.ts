/** How a word is written into `vocabulary.json`: digits of base 64, so that a hundred thousand weights are soon read. */

export interface Telling {
  /** How rare the word is: a logarithm, 0 to 9.45. */
  readonly rarity: number
  /** Pairs of a check's place in the list and a weight, -6.4 to 6.2. */
  readonly weights: readonly (readonly [check: number, weight: number])[]
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_'
const BASE = DIGITS.length
const RARITY_STEP = 0.15
const WEIGHT_STEP = 0.2
const NO_WEIGHT = BASE / 2

const digit = (value: number): string => DIGITS.charAt(Math.min(Math.max(Math.round(value), 0), BASE - 1))
const valueAt = (packed: string, at: number): number => DIGITS.indexOf(packed.charAt(at))

/** One digit for how rare it is, then two for each check and one for its weight; what rounds to no weight is left out. */
export function pack({ rarity, weights }: Telling): string {
  const packed = weights.map(([check, weight]) => {
    const level = digit(weight / WEIGHT_STEP + NO_WEIGHT)
    return level === DIGITS.charAt(NO_WEIGHT)
      ? ''
      : digit(Math.floor(check / BASE)) + digit(check % BASE) + level
  })
  return digit(rarity / RARITY_STEP) + packed.join('')
}

export const rarityIn = (packed: string): number => valueAt(packed, 0) * RARITY_STEP

export function weightsIn(packed: string): Telling['weights'] {
  const count = Math.floor((packed.length - 1) / 3)
  return Array.from({ length: count }, (_, nth) => {
    const at = 1 + 3 * nth
    const check = valueAt(packed, at) * BASE + valueAt(packed, at + 1)
    return [check, (valueAt(packed, at + 2) - NO_WEIGHT) * WEIGHT_STEP]
  })
}
