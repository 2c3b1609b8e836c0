import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFile, readStatfs } from '../../../src/hosts/live/files.ts'
import { file, statfs } from '../../../src/model/source.ts'

const here = { locate: (path: string) => path, named: (path: string) => path }
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const CHUNK = 64 * 1024

describe('files around the sizes of buffer and cap', () => {
  const sizes = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]
  for (const size of sizes) {
    const text = Array.from({ length: size }, (_, i) => String.fromCharCode(97 + (i % 26))).join('')
    it(`of ${size} bytes`, () => {
      const path = join(folder, String(size))
      writeFileSync(path, text)
      expect(readFile(file(path), here)).toMatchObject({ state: 'ok', value: text })
      for (const maxBytes of [size, size + 1]) {
        expect(readFile(file(path, { maxBytes }), here)).not.toHaveProperty('truncated')
      }
      if (size === 0) return
      const cut = readFile(file(path, { maxBytes: size - 1 }), here)
      expect(cut).toMatchObject({ state: 'ok', value: text.slice(0, -1), truncated: true })
    })
  }
  it('that tell no size', () => {
    const reading = readFile(file('/proc/self/status'), here)
    expect(reading.state === 'ok' && reading.value).toMatch(/^Name:/)
  })
})

it('says of a file system that the run ended first, not that it does not answer', async () => {
  expect(await readStatfs(statfs(folder), here, AbortSignal.abort())).toMatchObject({
    state: 'timeout',
    reason: 'the run ended first',
  })
})
