import fc from 'fast-check'
import { vi } from 'vitest'

// Ten thousand inputs take a second on an idle machine; a busy one is no reason to fail.
vi.setConfig({ testTimeout: 120_000 })

/**
 * Texts that resemble a real one without being one: random text, and the real text with characters cut, doubled,
 * swapped and replaced, at the places where parsers break.
 */
export function hostile(real: string, vocabulary: readonly string[] = []): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      '"',
      '\\',
      '!',
      '\n',
      '\r\n',
      '\0',
      '-',
      ' ',
      '\t',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '/',
      '__proto__',
      '1e999',
    ),
    ...(vocabulary.length > 0 ? [fc.constantFrom(...vocabulary)] : []),
  )
  const edit = fc.tuple(fc.nat({ max: real.length }), fc.nat({ max: 40 }), piece)
  const start = fc.nat({ max: Math.max(0, real.length - 400) })
  const edited = fc
    .tuple(start, fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([from, edits]) =>
      edits.reduce(
        (text, [at, cut, insert]) =>
          text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + cut),
        real.slice(from, from + 400),
      ),
    )
  return fc.oneof(
    fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join('')),
    edited,
  )
}

/** Runs a property over 10,000 inputs, in well under a second for parsers of lines. */
export function hostileRuns(property: fc.IProperty<[string]>): void {
  fc.assert(property, { numRuns: 10_000 })
}
