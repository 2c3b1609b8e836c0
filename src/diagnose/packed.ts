/** How a word is written into `vocabulary.json`: digits of base 64, so that a hundred thousand weights are soon read. */

export interface Word {
  /** How telling the word is, whatever it speaks for: 0 to 18.9. */
  readonly telling: number
  /** Pairs of a check's place in the list and a weight, -6.4 to 6.2. */
  readonly weights: readonly (readonly [check: number, weight: number])[]
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_'
const BASE = DIGITS.length
const TELLING_STEP = 0.3
const WEIGHT_STEP = 0.2
const NO_WEIGHT = BASE / 2

const digit = (value: number): string => DIGITS.charAt(Math.min(Math.max(Math.round(value), 0), BASE - 1))
const VALUES = new Uint8Array(128)
for (const [value, one] of [...DIGITS].entries()) VALUES[one.charCodeAt(0)] = value
const valueAt = (packed: string, at: number): number => VALUES[packed.charCodeAt(at)] ?? 0

/** One digit for how telling it is, then two for each check and one for its weight; what rounds to no weight is left out. */
export function pack({ telling, weights }: Word): string {
  const packed = weights.map(([check, weight]) => {
    const level = digit(weight / WEIGHT_STEP + NO_WEIGHT)
    return level === DIGITS.charAt(NO_WEIGHT)
      ? ''
      : digit(Math.floor(check / BASE)) + digit(check % BASE) + level
  })
  return digit(telling / TELLING_STEP) + packed.join('')
}

export const tellingIn = (packed: string): number => valueAt(packed, 0) * TELLING_STEP

/** Adds what the word weighs, `times` as much, to the sum of each check. */
export function addWeights(packed: string, times: number, sums: number[]): void {
  for (let at = 1; at + 2 < packed.length; at += 3) {
    const check = valueAt(packed, at) * BASE + valueAt(packed, at + 1)
    const weight = (valueAt(packed, at + 2) - NO_WEIGHT) * WEIGHT_STEP
    sums[check] = (sums[check] ?? 0) + times * weight
  }
}
