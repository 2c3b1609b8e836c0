import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseOpenFiles } from '../../src/facts/process-limits.ts'

const DEBIAN = readFileSync(new URL('../fixtures/debian-12-docker-20.10/limits.txt', import.meta.url), 'utf8')

it('reads the limit on open files', () => {
  expect(parseOpenFiles(DEBIAN)).toEqual({ soft: 20000, hard: 20000 })
  expect(
    parseOpenFiles('Max open files            1024                 524288               files     \n'),
  ).toEqual({ soft: 1024, hard: 524288 })
  expect(
    parseOpenFiles('Max open files            unlimited            unlimited            files\n')?.soft,
  ).toBe(Number.POSITIVE_INFINITY)
})
it('finds none in other text', () => expect(parseOpenFiles('Max processes 1 1\n')).toBeNull())
it('never throws', () =>
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^Max open files [ 0-9unlimted]*$/)),
      (text) => {
        const limit = parseOpenFiles(text)
        expect(limit === null || (limit.soft >= 0 && limit.hard >= 0)).toBe(true)
      },
    ),
    { numRuns: 10_000 },
  ))
