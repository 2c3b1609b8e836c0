import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BOLT_HEAD, boltDamage } from '../../src/facts/bolt.ts'

/** Of a Docker 20.10 that ran two containers. */
const NAMES = ['local-kv.db', 'metadata.db', 'snapshots.db', 'meta.db'] as const
const real = (name: string): Buffer =>
  gunzipSync(readFileSync(new URL(`../fixtures/bolt/${name}.gz`, import.meta.url)))
const judge = (bytes: Uint8Array, size = bytes.length): string | null =>
  boltDamage(bytes.subarray(0, BOLT_HEAD), size)
const changed = (bytes: Buffer, at: number, to: Uint8Array): Buffer => {
  const copy = Buffer.from(bytes)
  copy.set(to.subarray(0, copy.length - at), at)
  return copy
}
const noise = new Uint8Array(16_384).map((_, i) => (i * 73 + 41) % 251)

describe.each(NAMES)('%s', (name) => {
  const whole = real(name)
  it('is whole', () => expect(judge(whole)).toBeNull())
  it('is whole where its end was not read', () =>
    expect(judge(whole.subarray(0, 8192), whole.length)).toBeNull())
  it('lost its header', () => expect(judge(changed(whole, 0, noise))).toBe('it has no valid header'))
  it('lost one of its two headers, which bolt survives', () =>
    expect(judge(changed(whole, 4096, noise.subarray(0, 100)))).not.toBe('it has no valid header'))
  it('was cut off', () => expect(judge(whole.subarray(0, 8192))).toMatch(/^it was cut off: 8192 bytes/))
  it('lost its pages', () => expect(judge(changed(whole, 8192, noise))).toMatch(/^page \d+ is no page/))
})

it('an empty one is made anew', () => expect(judge(new Uint8Array())).toBeNull())
it('one of a machine that counts the other way round is read as it is written', () => {
  const bytes = new Uint8Array(16_384)
  new DataView(bytes.buffer).setUint32(16, 0xed0cdaed, false)
  expect(judge(bytes)).toBe('it has no valid header')
})

describe('whatever the file holds', () => {
  it('noise is judged', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9000 }), fc.nat(), (bytes, size) => {
        expect(['string', 'object']).toContain(typeof judge(bytes, size))
      }),
      { numRuns: 10_000 },
    ))
  it('a real one with bytes changed is judged', () => {
    const whole = real('meta.db').subarray(0, 32_768)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), (at, bytes) => {
        expect(['string', 'object']).toContain(typeof judge(changed(whole, at, bytes)))
      }),
      { numRuns: 10_000 },
    )
  })
})
