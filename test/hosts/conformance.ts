/** What every host does alike: the same things lie there, and reading them must give the same states and payloads. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../src/hosts/host.ts'
import type { Reading } from '../../src/model/reading.ts'
import { binaryFile, directory, file, fileEnd, type Source, stat, statfs } from '../../src/model/source.ts'

/** A folder with one of each. */
export interface Fixture {
  readonly folder: string
  remove(): void
}

export function makeFixture(): Fixture {
  const folder = mkdtempSync(join(tmpdir(), 'host-'))
  execFileSync('chmod', ['755', folder])
  mkdirSync(join(folder, 'folder/inner'), { recursive: true })
  writeFileSync(join(folder, 'text'), 'first\nsecond ü\n')
  writeFileSync(join(folder, 'empty'), '')
  writeFileSync(join(folder, 'bytes'), Buffer.from([0, 255, 31, 139]))
  writeFileSync(join(folder, 'large'), 'x'.repeat(5000))
  writeFileSync(join(folder, 'login'), 'proxy=http://bob:hunter2@proxy:3128\n')
  writeFileSync(join(folder, 'folder/b'), '')
  writeFileSync(join(folder, 'folder/a'), '')
  symlinkSync('text', join(folder, 'link'))
  symlinkSync('nowhere', join(folder, 'dangling'))
  symlinkSync('loop-b', join(folder, 'loop-a'))
  symlinkSync('loop-a', join(folder, 'loop-b'))
  execFileSync('mkfifo', [join(folder, 'fifo')])
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The sources that the suite reads, by their names under `at`. */
export const conformanceSources = (at: (name: string) => string): readonly Source[] => [
  ...['text', 'empty', 'login', 'link', 'dangling', 'loop-a', 'missing', 'text/below', 'folder', 'fifo'].map(
    (name) => file(at(name)),
  ),
  file(at('large'), { maxBytes: 1000 }),
  binaryFile(at('bytes')),
  fileEnd(at('text'), 12),
  fileEnd(at('link'), 1000),
  ...['folder', 'missing', 'text'].map((name) => directory(at(name))),
  ...['text', 'folder', 'fifo', 'link', 'missing'].map((name) => stat(at(name))),
  ...['folder', 'missing'].map((name) => statfs(at(name))),
]

export interface Subject {
  readonly host: Host
  /** The examined host's path of a name in the fixture. */
  readonly at: (name: string) => string
}

export function conformance(open: (fixture: Fixture) => Promise<Subject>): void {
  describe('as every host', () => {
    let fixture: Fixture
    let subject: Subject
    const never = new AbortController().signal
    const read = <S extends Source>(source: S): Promise<Reading<S>> => subject.host.read(source, never)
    const at = (name: string): string => subject.at(name)

    beforeAll(async () => {
      fixture = makeFixture()
      subject = await open(fixture)
    })
    afterAll(() => fixture.remove())

    it('reads files, also empty ones, binary ones and through links', async () => {
      expect(await read(file(at('text')))).toMatchObject({ state: 'ok', value: 'first\nsecond ü\n' })
      expect(await read(file(at('link')))).toMatchObject({ state: 'ok', value: 'first\nsecond ü\n' })
      expect(await read(file(at('empty')))).toMatchObject({ state: 'ok', value: '' })
      expect(await read(binaryFile(at('bytes')))).toMatchObject({ state: 'ok', value: 'AP8fiw==' })
    })

    it('reads the last whole lines of what is longer than asked for', async () => {
      expect(await read(fileEnd(at('text'), 12))).toMatchObject({ value: 'second ü\n', truncated: true })
      expect(await read(fileEnd(at('link'), 1000))).toMatchObject({ value: 'first\nsecond ü\n' })
    })

    it('cuts what is longer than asked for, and says so', async () => {
      const reading = await read(file(at('large'), { maxBytes: 1000 }))
      expect(reading).toMatchObject({ state: 'ok', value: 'x'.repeat(1000), truncated: true })
      expect(await read(file(at('text')))).not.toHaveProperty('truncated')
    })

    it('lists folders', async () => {
      expect(await read(directory(at('folder')))).toMatchObject({ state: 'ok', value: ['a', 'b', 'inner/'] })
    })

    it('tells what things are', async () => {
      const value = (reading: Reading) => (reading.state === 'ok' ? reading.value : reading)
      expect(value(await read(stat(at('text'))))).toMatchObject({ type: 'file', size: 16 })
      expect(value(await read(stat(at('folder'))))).toMatchObject({ type: 'directory' })
      expect(value(await read(stat(at('fifo'))))).toMatchObject({ type: 'fifo' })
      expect(value(await read(stat(at('link'))))).toMatchObject({ type: 'file', realPath: at('text') })
      expect(value(await read(stat(at('text'))))).not.toHaveProperty('realPath')
      expect(value(await read(statfs(at('folder'))))).toMatchObject({ bsize: expect.any(Number) })
    })

    it('tells what is absent', async () => {
      const absent = [
        file(at('missing')),
        file(at('dangling')),
        file(at('text/below')),
        directory(at('missing')),
        directory(at('text')),
        stat(at('missing')),
        statfs(at('missing')),
      ]
      for (const source of absent) {
        expect(await read(source), JSON.stringify(source)).toMatchObject({
          state: 'absent',
          reason: 'does not exist',
        })
      }
    })

    it('tells what is something else, without hanging on a FIFO', async () => {
      expect(await read(file(at('folder')))).toMatchObject({
        state: 'failed',
        reason: 'is not a file but a directory',
      })
      expect(await read(file(at('fifo')))).toMatchObject({
        state: 'failed',
        reason: 'is not a file but a fifo',
      })
      expect(await read(file(at('loop-a')))).toMatchObject({
        state: 'failed',
        reason: expect.stringMatching(/^ELOOP/),
      })
    })

    it('shows no login', async () => {
      expect(await read(file(at('login')))).toMatchObject({ value: 'proxy=http://***@proxy:3128\n' })
    })
  })
}
