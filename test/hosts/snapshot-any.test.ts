import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import { InputError } from '../../src/model/errors.ts'
import {
  command,
  directory,
  file,
  identity,
  probe,
  type Source,
  stat,
  unixHttp,
} from '../../src/model/source.ts'

const never = new AbortController().signal
let folder: string
let path: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'any-'))
  path = join(folder, 's.json')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SOURCES: readonly Source[] = [
  file('/a'),
  directory('/a'),
  stat('/a'),
  command(['a']),
  unixHttp('/a', '/b'),
  probe('tcp://a:1'),
  identity,
]
const KEYS = [
  '/a',
  '/a/',
  'stat /a',
  '$ a',
  'GET unix:///a /b',
  'probe tcp://a:1',
  'identity',
  '/**',
  '**',
  '__proto__',
]

const payload = fc.oneof(
  fc.jsonValue(),
  fc.record({
    state: fc.oneof(fc.constantFrom('ok', 'absent', 'denied', 'toString'), fc.jsonValue()),
    value: fc.jsonValue(),
    reason: fc.jsonValue(),
  }),
)

it('any JSON is a host that answers, or is refused in one line', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), payload),
      async (readings) => {
        writeFileSync(path, JSON.stringify({ seaworthySnapshot: 1, readings }))
        const loaded = await loadSnapshot(path).catch((error: unknown) => error)
        if (loaded instanceof Error) {
          expect(loaded).toBeInstanceOf(InputError)
          expect(loaded.message).not.toMatch(/\p{Cc}/u)
          return
        }
        const host = snapshotHost(loaded as Awaited<ReturnType<typeof loadSnapshot>>)
        for (const source of SOURCES) {
          const reading = await host.read(source, never)
          expect(['ok', 'absent', 'denied', 'timeout', 'failed', 'notRecorded']).toContain(reading.state)
          if (reading.state === 'ok' && source.kind === 'file') expect(typeof reading.value).toBe('string')
          if (reading.state === 'ok' && source.kind === 'directory')
            expect(Array.isArray(reading.value)).toBe(true)
        }
      },
    ),
    { numRuns: 500 },
  )
})

it('any bytes are refused in one line', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (bytes, zipped) => {
      writeFileSync(path, zipped ? Buffer.concat([Buffer.from([0x1f, 0x8b]), bytes]) : bytes)
      await expect(loadSnapshot(path)).rejects.toBeInstanceOf(InputError)
    }),
    { numRuns: 300 },
  )
})

it('the documented example is one', async () => {
  const docs = readFileSync(fileURLToPath(new URL('../../docs/snapshot-format.md', import.meta.url)), 'utf8')
  writeFileSync(path, /```json\n([^`]+)```/.exec(docs)?.[1] ?? '')
  const host = snapshotHost(await loadSnapshot(path))
  expect(await host.read(stat('/var/run/docker.sock'), never)).toMatchObject({
    state: 'ok',
    value: { gid: 998 },
  })
  expect(await host.read(command(['ip', '-j', 'addr']), never)).toMatchObject({ state: 'ok' })
})
