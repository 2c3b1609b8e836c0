import { spawn } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { liveHost } from '../../src/hosts/live.ts'
import type { Reading } from '../../src/model/reading.ts'
import {
  clock,
  command,
  directory,
  environment,
  file,
  identity,
  inventory,
  type Source,
  stat,
  unixHttp,
} from '../../src/model/source.ts'
import { readAsNobody } from './as-nobody.ts'
import { conformance, type Fixture, makeFixture } from './conformance.ts'

const never = new AbortController().signal
const read = <S extends Source>(source: S, signal = never): Promise<Reading<S>> =>
  liveHost.read(source, signal)
const sh = (script: string, options: { timeoutMs?: number; maxBytes?: number } = {}) =>
  command(['sh', '-c', script], options)

conformance(async ({ folder }) => ({ host: liveHost, at: (name) => join(folder, name) }))

describe('programs', () => {
  it('run with a fixed environment and no shell', async () => {
    expect(await read(command(['env']))).toMatchObject({
      state: 'ok',
      value: { exit: 0, stderr: '', stdout: expect.stringMatching(/^(?=.*LC_ALL=C)(?!.*VITEST)/s) },
    })
    expect(await read(command(['echo', '$HOME; id']))).toMatchObject({ value: { stdout: '$HOME; id\n' } })
  })

  it('are ok whatever their exit status', async () => {
    expect(await read(sh('echo a; echo b >&2; exit 3'))).toMatchObject({
      state: 'ok',
      value: { stdout: 'a\n', stderr: 'b\n', exit: 3 },
    })
  })

  it('may be missing or forbidden', async () => {
    expect(await read(command(['no-such-program']))).toMatchObject({
      state: 'absent',
      reason: 'is not installed',
    })
    expect(await read(command(['/etc']))).toMatchObject({
      state: 'denied',
      reason: 'may not be run',
    })
  })

  it('that die of a signal have failed', async () => {
    expect(await read(sh('kill -9 $$'))).toMatchObject({ state: 'failed', reason: 'ended by SIGKILL' })
  })

  it('have a time limit, and are gone afterwards', async () => {
    const started = performance.now()
    const reading = await read(command(['sleep', '30.1234'], { timeoutMs: 200 }))
    expect(reading).toMatchObject({ state: 'timeout', reason: 'no answer in 0.2 s' })
    expect(performance.now() - started).toBeLessThan(1500)
    expect(await stillRunning('30.1234')).toEqual([])
  })

  it('are gone with their children, who neither obey nor close their output', async () => {
    const script = "trap '' TERM; (trap '' TERM; sleep 31.1234) & sleep 31.1234"
    const reading = await read(sh(script, { timeoutMs: 300 }))
    expect(reading).toMatchObject({ state: 'timeout' })
    expect(reading.durationMs).toBeLessThan(1500)
    expect(await stillRunning('31.1234')).toEqual([])
  })

  it('are not waited for when they flee into a session of their own', async () => {
    const reading = await read(sh('setsid sleep 3.5678 & wait', { timeoutMs: 200 }))
    expect(reading).toMatchObject({ state: 'timeout' })
    expect(reading.durationMs).toBeLessThan(1500)
  })

  it('end when the run does', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 200)
    const reading = await read(command(['sleep', '32.1234']), stop.signal)
    expect(reading).toMatchObject({ state: 'timeout', reason: 'the run ended first' })
    expect(await stillRunning('32.1234')).toEqual([])
    expect(await read(command(['true']), stop.signal)).toMatchObject({ state: 'timeout' })
  })

  it('are cut off when they say too much', async () => {
    const reading = await read(command(['yes'], { maxBytes: 1000 }))
    expect(reading).toMatchObject({ state: 'ok', truncated: true })
    expect(reading.state === 'ok' && reading.value.stdout.length).toBe(1000)
  })

  it('cannot ask on the terminal', async () => {
    expect(await read(sh('cat; (: < /dev/tty) 2>/dev/null && echo tty'))).toMatchObject({
      value: { stdout: '' },
    })
  })
})

/** Command lines of running programs that hold a word; tries for a moment, as dying takes one. */
async function stillRunning(word: string): Promise<string[]> {
  for (let attempt = 0; ; attempt++) {
    const found = await new Promise<string>((resolve) => {
      let text = ''
      const ps = spawn('ps', ['-eo', 'stat=,args='])
      ps.stdout.on('data', (chunk) => {
        text += chunk
      })
      ps.on('close', () => resolve(text))
    })
    const lines = found.split('\n').filter((line) => line.includes(word) && !line.startsWith('Z'))
    if (lines.length === 0 || attempt === 10) return lines
    await delay(50)
  }
}

describe('the engine’s socket', () => {
  let fixture: Fixture
  const servers: Server[] = []
  beforeAll(() => {
    fixture = makeFixture()
  })
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections()
    fixture.remove()
  })
  const serve = async (name: string, listener: RequestListener): Promise<string> => {
    const socket = join(fixture.folder, name)
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(socket, resolve))
    return socket
  }

  it('answers', async () => {
    const socket = await serve('answers.sock', (request, response) => {
      response.setHeader('Api-Version', '1.41').end(`{"path":"${request.url}","HttpProxy":"http://a:b@p"}`)
    })
    expect(await read(unixHttp(socket, '/info'))).toMatchObject({
      state: 'ok',
      value: {
        status: 200,
        headers: { 'api-version': '1.41' },
        body: '{"path":"/info","HttpProxy":"http://***@p"}',
      },
    })
  })

  it('hangs: before the answer, and amid it', async () => {
    const silent = await serve('silent.sock', () => undefined)
    expect(await read(unixHttp(silent, '/info', { timeoutMs: 150 }))).toMatchObject({
      state: 'timeout',
      reason: 'no answer in 0.15 s',
    })
    const slow = await serve('slow.sock', (_, response) => response.write('{'))
    expect(await read(unixHttp(slow, '/info', { timeoutMs: 150 }))).toMatchObject({ state: 'timeout' })
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    expect(await read(unixHttp(slow, '/info'), stop.signal)).toMatchObject({
      state: 'timeout',
      reason: 'the run ended first',
    })
  })

  it('breaks off', async () => {
    const socket = await serve('broken.sock', (_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await read(unixHttp(socket, '/info'))).toMatchObject({ state: 'failed' })
  })

  it('says too much', async () => {
    const socket = await serve('endless.sock', (_, response) => {
      const more = (): unknown => response.write('x'.repeat(65536), (error) => error || more())
      more()
    })
    const reading = await read(unixHttp(socket, '/info'))
    expect(reading).toMatchObject({ state: 'ok', truncated: true })
  })

  it('is absent, or nobody listens', async () => {
    expect(await read(unixHttp(join(fixture.folder, 'no.sock'), '/info'))).toMatchObject({ state: 'absent' })
    expect(await read(unixHttp(join(fixture.folder, 'text'), '/info'))).toMatchObject({
      state: 'failed',
      reason: 'connection refused',
    })
  })

  it('is denied to others, as files, folders and programs are', async () => {
    const socket = await serve('private.sock', (_, response) => response.end())
    chmodSync(socket, 0o600)
    const { folder } = fixture
    writeFileSync(join(folder, 'secret'), 'x', { mode: 0o600 })
    chmodSync(join(folder, 'folder'), 0o700)
    const readings = await readAsNobody([
      unixHttp(socket, '/info'),
      file(join(folder, 'secret')),
      directory(join(folder, 'folder')),
      stat(join(folder, 'folder/a')),
      command([join(folder, 'secret')]),
      file(join(folder, 'text')),
    ])
    expect(readings.map(({ state }) => state)).toEqual([...Array(5).fill('denied'), 'ok'])
  })
})

describe('the rest', () => {
  it('who reads', async () => {
    expect(await read(identity)).toMatchObject({
      state: 'ok',
      value: { uid: process.getuid?.(), pid: process.pid, capEff: expect.stringMatching(/^[0-9a-f]{16}$/) },
    })
  })
  it('environment, clock, memory', async () => {
    expect(await read(environment('PATH'))).toMatchObject({ state: 'ok', value: process.env.PATH })
    expect(await read(environment('NO_SUCH_VARIABLE'))).toMatchObject({
      state: 'absent',
      reason: 'is not set',
    })
    const time = await read(clock)
    expect(time.state === 'ok' && new Date(time.value).toISOString() === time.value).toBe(true)
    const total = Number(/MemTotal:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1024
    expect(await read(inventory('mem'))).toMatchObject({ state: 'ok', value: { total } })
  })
})
