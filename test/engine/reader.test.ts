import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { OFFLINE, Reader } from '../../src/engine/reader.ts'
import type { Host } from '../../src/hosts/host.ts'
import { ok, type Reading } from '../../src/model/reading.ts'
import { command, file, probe, type Source, sourceKey } from '../../src/model/source.ts'

const never = new AbortController().signal
const hostOf = (read: (source: Source, signal: AbortSignal) => Promise<Reading>): Host => ({
  kind: 'live',
  read: read as Host['read'],
})
const readerOf = (host: Host, options: Partial<ConstructorParameters<typeof Reader>[1]> = {}): Reader =>
  new Reader(host, { signal: never, atOnce: 3, offline: false, ...options })

describe('a reader', () => {
  it('reads each source once, however often and at once it is asked for', async () => {
    const read: string[] = []
    const reader = readerOf(
      hostOf(async (source) => {
        read.push(sourceKey(source))
        return ok('text')
      }),
    )
    const same = await Promise.all([1, 2, 3].map(() => reader.read(file('/etc/hosts'))))
    await reader.read(file('/etc/hosts'))
    await reader.read(file('/etc/other'))
    expect(read).toEqual(['/etc/hosts', '/etc/other'])
    expect(new Set(same).size).toBe(1)
    expect([...reader.ended.keys()]).toEqual(['/etc/hosts', '/etc/other'])
  })

  it('runs so many programs at once and no more, and all of them', async () => {
    let running = 0
    let most = 0
    let done = 0
    const host = hostOf(async () => {
      running++
      most = Math.max(most, running)
      await delay(5)
      running--
      done++
      if (done % 4 === 0) throw new Error('broken')
      return ok({ stdout: '', stderr: '', exit: 0 })
    })
    const reader = readerOf(host)
    await Promise.all(Array.from({ length: 20 }, (_, i) => reader.read(command(['x', String(i)]))))
    expect({ most, done }).toEqual({ most: 3, done: 20 })
  })

  it('does not let files wait for programs', async () => {
    const host = hostOf((source) =>
      source.kind === 'file' ? Promise.resolve(ok('text')) : new Promise(() => undefined),
    )
    const reader = readerOf(host, { atOnce: 1 })
    void reader.read(command(['hangs']))
    expect(await reader.read(file('/etc/hosts'))).toMatchObject({ state: 'ok' })
  })

  it('makes a failed reading of what a host throws', async () => {
    const reader = readerOf(hostOf(() => Promise.reject(new Error('boom'))))
    expect(await reader.read(file('/x'))).toMatchObject({ state: 'failed', reason: 'boom' })
  })

  it('contacts nothing when offline', async () => {
    const reader = readerOf(
      hostOf(async () => ok('asked')),
      { offline: true },
    )
    expect(await reader.read(probe('https://x/'))).toMatchObject({ state: 'notRecorded', reason: OFFLINE })
  })

  it('ends with the run: what waits, and what hangs and does not listen', async () => {
    const stop = new AbortController()
    const reader = readerOf(
      hostOf(() => new Promise(() => undefined)),
      { signal: stop.signal, atOnce: 1 },
    )
    const readings = [reader.read(command(['hangs'])), reader.read(command(['waits']))]
    await delay(5)
    stop.abort()
    expect(await Promise.all(readings)).toMatchObject([
      { state: 'timeout', reason: 'the run ended first' },
      { state: 'timeout', reason: 'the run ended first' },
    ])
    expect(await reader.read(file('/late'))).toMatchObject({ state: 'timeout' })
  })
})
