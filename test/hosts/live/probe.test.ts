import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttp, type RequestListener } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { connect, createServer as createTcp, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectFirst, remarkOn } from '../../../src/hosts/live/probe/connect.ts'
import { targetOf } from '../../../src/hosts/live/probe/target.ts'
import { readProbe } from '../../../src/hosts/live/probe.ts'
import { type ProbeAnswer, probe } from '../../../src/model/source.ts'
import { type Authority, authority, FUTURE, type KeyPair, PAST } from './certificates.ts'

const never = new AbortController().signal
const servers: Server[] = []
const children: ChildProcess[] = []
const sockets = new Set<Socket>()
let folder: string
let own: Authority

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'))
  own = authority(folder, 'Own CA')
})
afterAll(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers) server.close()
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Starts a server on a free port of 127.0.0.1; gives the port. */
async function serve(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server)
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)))
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
const hello: RequestListener = (request, response) => {
  response.setHeader('X-Asked', `${request.method} ${request.headers.host} ${request.url}`)
  response.end('hello')
}
const serveTls = (pair: KeyPair): Promise<number> => serve(createHttps(pair, hello))

async function asked(
  url: string,
  options: { caPath?: string; timeoutMs?: number } = {},
): Promise<ProbeAnswer> {
  const reading = await readProbe(probe(url, options), never)
  if (reading.state !== 'ok') throw new Error(`${reading.state}: ${reading.reason}`)
  return reading.value
}

describe('url', () => {
  it('is taken apart, and a login in it dropped', () => {
    expect(targetOf('https://bob:secret@Mirror.Example/v2/?a=b#c')).toEqual({
      scheme: 'https',
      host: 'mirror.example',
      port: 443,
      path: '/v2/?a=b',
    })
    expect(targetOf('http://[::1]:5000')).toMatchObject({ host: '::1', port: 5000, path: '/' })
    expect(targetOf('https://host:80/')).toMatchObject({ port: 80 })
    expect(targetOf('tcp://host.example.:80')).toMatchObject({ host: 'host.example', port: 80 })
    expect(targetOf('dns://registry-1.docker.io')).toMatchObject({ scheme: 'dns', port: 0 })
  })

  const wrong = {
    'ftp://host': 'UNSUPPORTED_SCHEME',
    'file:///etc/shadow': 'UNSUPPORTED_SCHEME',
    'constructor://host': 'UNSUPPORTED_SCHEME',
    host: 'UNSUPPORTED_SCHEME',
    'tcp://host': 'ERR_INVALID_URL',
    'http://': 'ERR_INVALID_URL',
    'http://host:99999/': 'ERR_INVALID_URL',
    'http://-x/': 'ERR_INVALID_URL',
    'http://a b/': 'ERR_INVALID_URL',
    'http://a;b/': 'ERR_INVALID_URL',
  }
  for (const [url, code] of Object.entries(wrong)) {
    it(`${url}: ${code}`, async () => {
      expect(await asked(url)).toMatchObject({ ok: false, stage: 'url', code })
    })
  }

  it('sends no second header by a line break', async () => {
    const port = await serve(createHttp(hello))
    expect((await asked(`http://127.0.0.1:${port}/a\r\nX-Evil: 1\r\n`)).headers?.['x-asked']).toBe(
      `GET 127.0.0.1:${port} /aX-Evil:%201`,
    )
  })
})

describe('dns', () => {
  it('resolves as the host does', async () => {
    const answer = await asked('dns://localhost')
    expect(answer).toMatchObject({ ok: true, timings: { dns: expect.any(Number) } })
    expect(answer.addresses?.some((address) => address === '127.0.0.1' || address === '::1')).toBe(true)
    expect(answer.timings).not.toHaveProperty('tcp')
  })
  it('takes addresses as they are', async () => {
    expect(await asked('dns://192.0.2.1')).toMatchObject({ ok: true, addresses: ['192.0.2.1'] })
  })
})

describe('tcp', () => {
  it('connects', async () => {
    const port = await serve(createTcp())
    expect(await asked(`tcp://127.0.0.1:${port}`)).toMatchObject({
      ok: true,
      address: '127.0.0.1',
      timings: { tcp: expect.any(Number) },
    })
  })

  it('tells a closed port, with each address', async () => {
    const server = createTcp()
    const port = await serve(server)
    await new Promise((resolve) => server.close(resolve))
    expect(await asked(`http://127.0.0.1:${port}`)).toMatchObject({
      ok: false,
      stage: 'tcp',
      code: 'ECONNREFUSED',
      message: `cannot connect: 127.0.0.1:${port} ECONNREFUSED`,
      addresses: ['127.0.0.1'],
      failures: [{ address: '127.0.0.1', code: 'ECONNREFUSED' }],
    })
  })

  it('goes on to the next address, and tells what only IPv6 lacks', async () => {
    const port = await serve(createTcp())
    const connection = await connectFirst(['::1', '127.0.0.1'], port, never)
    connection.socket.destroy()
    expect(connection).toMatchObject({ address: '127.0.0.1', failures: [{ address: '::1' }] })
    expect(remarkOn(connection)).toMatch(/^127\.0\.0\.1 answers, but not \[::1\] E\w+ \(IPv6 only\)$/)
  })

  it('tries the next address beside one that is silent', async () => {
    const port = await silentPort('127.0.0.2')
    expect(await asked(`tcp://127.0.0.2:${port}`, { timeoutMs: 400 })).toMatchObject({
      ok: false,
      stage: 'tcp',
      code: 'TIMEOUT',
    })
    const other = createTcp()
    servers.push(other)
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    const started = performance.now()
    const connection = await connectFirst(['127.0.0.2', '127.0.0.1'], port, never)
    connection.socket.destroy()
    expect(performance.now() - started).toBeGreaterThan(200)
    expect(connection).toMatchObject({
      address: '127.0.0.1',
      failures: [{ address: '127.0.0.2', code: 'PENDING' }],
    })
    expect(remarkOn(connection)).toBe('127.0.0.1 answers, but not 127.0.0.2 no answer')
  })

  it('gives up in time', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 50)
    const reading = await readProbe(probe('tcp://192.0.2.1:1'), stop.signal)
    // Without a route the kernel says so at once.
    expect(reading).toMatchObject({ state: 'ok', value: { ok: false, stage: 'tcp' } })
  })
})

describe('http', () => {
  it('gives status, headers and the start of the body', async () => {
    const port = await serve(createHttp((_, response) => response.writeHead(401).end('x'.repeat(100_000))))
    const answer = await asked(`http://127.0.0.1:${port}/v2/`)
    expect(answer).toMatchObject({ ok: true, status: 401, timings: { http: expect.any(Number) } })
    expect(answer.body).toHaveLength(16 * 1024)
  })

  it('follows no redirect and sends no login', async () => {
    const port = await serve(
      createHttp((request, response) => {
        const headers = { Location: '/other', 'X-Login': String(request.headers.authorization) }
        response.writeHead(302, headers).end()
      }),
    )
    expect(await asked(`http://bob:secret@127.0.0.1:${port}/`)).toMatchObject({
      ok: true,
      status: 302,
      headers: { location: '/other', 'x-login': 'undefined' },
    })
  })

  it('tells a server that hangs, breaks off, resets, or speaks something else', async () => {
    const hanging = await serve(createTcp())
    expect(await asked(`http://127.0.0.1:${hanging}/`, { timeoutMs: 150 })).toMatchObject({
      ok: false,
      stage: 'http',
      code: 'TIMEOUT',
      message: 'no answer in 0.15 s',
      address: '127.0.0.1',
    })
    const resetting = await serve(createTcp((socket) => socket.once('data', () => socket.resetAndDestroy())))
    expect(await asked(`http://127.0.0.1:${resetting}/`)).toMatchObject({ stage: 'http', code: 'ECONNRESET' })
    const closing = await serve(createTcp((socket) => socket.end()))
    expect(await asked(`http://127.0.0.1:${closing}/`)).toMatchObject({ stage: 'http', code: 'ECONNRESET' })
    const amid = await serve(
      createTcp((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')),
      ),
    )
    expect(await asked(`http://127.0.0.1:${amid}/`)).toMatchObject({ stage: 'http', code: 'ECONNRESET' })
    const ssh = await serve(createTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
    expect(await asked(`http://127.0.0.1:${ssh}/`)).toMatchObject({
      stage: 'http',
      code: expect.stringMatching(/^HPE_/),
    })
  })

  it('ends with the run', async () => {
    const port = await serve(createTcp())
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 100)
    expect(await readProbe(probe(`http://127.0.0.1:${port}/`), stop.signal)).toMatchObject({
      state: 'timeout',
      reason: 'the run ended first',
    })
  })
})

describe('tls', () => {
  const LOCAL = { names: 'IP:127.0.0.1,DNS:localhost' }

  it('trusts the authority that it is given, as a file and as a folder of certs.d', async () => {
    const port = await serveTls(own.issue('good', LOCAL))
    const answer = await asked(`https://127.0.0.1:${port}/v2/`, { caPath: own.path })
    expect(answer).toMatchObject({
      ok: true,
      status: 200,
      body: 'hello',
      headers: { 'x-asked': `GET 127.0.0.1:${port} /v2/` },
      certificate: {
        subject: 'CN=good',
        issuer: 'CN=Own CA',
        names: ['127.0.0.1', 'localhost'],
        validFrom: '2020-01-01T00:00:00.000Z',
        validTo: '2090-02-01T00:00:00.000Z',
      },
    })
    expect(Object.keys(answer.timings)).toEqual(['url', 'dns', 'tcp', 'tls', 'http'])
    const certsD = join(folder, `localhost:${port}`)
    mkdirSync(certsD)
    copyFileSync(own.path, join(certsD, 'ca.crt'))
    expect(await asked(`tls://localhost:${port}`, { caPath: certsD })).toMatchObject({ ok: true })
  })

  it('trusts a certificate that it is given although another signed it, as the engine does', async () => {
    const pair = own.issue('given', LOCAL)
    const port = await serveTls(pair)
    const given = join(folder, 'given.crt')
    writeFileSync(given, pair.cert)
    expect(await asked(`https://127.0.0.1:${port}/`, { caPath: given })).toMatchObject({ ok: true })
  })

  it('does not trust it otherwise, and shows the certificate all the same', async () => {
    const port = await serveTls(own.issue('untrusted', LOCAL))
    const expected = {
      ok: false,
      stage: 'tls',
      // Which of the two OpenSSL says depends on what else it trusts.
      code: expect.stringMatching(/^UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)$/),
      message: expect.stringContaining('does not trust'),
      certificate: { subject: 'CN=untrusted', issuer: 'CN=Own CA' },
      address: '127.0.0.1',
    }
    expect(await asked(`https://127.0.0.1:${port}/`)).toMatchObject(expected)
    const empty = join(folder, 'empty-certs.d')
    mkdirSync(empty)
    expect(await asked(`https://127.0.0.1:${port}/`, { caPath: empty })).toMatchObject(expected)
    expect(await asked(`https://127.0.0.1:${port}/`, { caPath: '/no/such' })).toMatchObject(expected)
  })

  it('sends nothing to a server that it does not trust', async () => {
    let requests = 0
    const port = await serve(createHttps(own.issue('silent', LOCAL), () => requests++))
    await asked(`https://127.0.0.1:${port}/`)
    expect(requests).toBe(0)
  })

  const judged = {
    expired: [{ ...LOCAL, days: PAST }, 'CERT_HAS_EXPIRED', 'the certificate has expired'],
    future: [{ ...LOCAL, days: FUTURE }, 'CERT_NOT_YET_VALID', 'the certificate is not valid yet'],
    elsewhere: [
      { names: 'DNS:other.example,DNS:*.example' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'the certificate is for other.example, *.example, not for 127.0.0.1',
    ],
    nameless: [
      { names: '' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'the certificate is for no name (SAN), so not for 127.0.0.1',
    ],
  } as const
  for (const [name, [options, code, message]] of Object.entries(judged)) {
    it(`tells a certificate that is ${name}`, async () => {
      const port = await serveTls(own.issue(name, options))
      expect(await asked(`https://127.0.0.1:${port}/`, { caPath: own.path })).toMatchObject({
        ok: false,
        stage: 'tls',
        code,
        message,
        certificate: { subject: `CN=${name}` },
      })
    })
  }

  it('tells a self-signed certificate', async () => {
    const self = authority(folder, 'localhost')
    const { readFileSync } = await import('node:fs')
    const key = readFileSync(self.path.replace(/crt$/, 'key'), 'utf8')
    const port = await serveTls({ key, cert: readFileSync(self.path, 'utf8') })
    expect(await asked(`https://localhost:${port}/`)).toMatchObject({
      stage: 'tls',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      certificate: { subject: 'CN=localhost', issuer: 'CN=localhost' },
    })
  })

  it('tells plain HTTP behind https://, and TLS behind http://', async () => {
    const plain = await serve(createHttp(hello))
    expect(await asked(`https://127.0.0.1:${plain}/`)).toMatchObject({
      ok: false,
      stage: 'tls',
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
    })
    const secure = await serveTls(own.issue('misasked', LOCAL))
    expect(await asked(`http://127.0.0.1:${secure}/`)).toMatchObject({ ok: false, stage: 'http' })
    // As servers written in Go say it.
    const said = 'Client sent an HTTP request to an HTTPS server.\n'
    const go = await serve(
      createTcp((socket) => socket.once('data', () => socket.end(`HTTP/1.0 400 Bad Request\r\n\r\n${said}`))),
    )
    expect(await asked(`http://127.0.0.1:${go}/`)).toMatchObject({ ok: true, status: 400, body: said })
  })

  it('tells a handshake that hangs, is closed, or is reset', async () => {
    const hanging = await serve(createTcp())
    expect(await asked(`tls://127.0.0.1:${hanging}`, { timeoutMs: 150 })).toMatchObject({
      stage: 'tls',
      code: 'TIMEOUT',
    })
    const closing = await serve(createTcp((socket) => socket.once('data', () => socket.end())))
    expect(await asked(`tls://127.0.0.1:${closing}`)).toMatchObject({ stage: 'tls', code: 'ECONNRESET' })
    const resetting = await serve(createTcp((socket) => socket.once('data', () => socket.resetAndDestroy())))
    expect(await asked(`tls://127.0.0.1:${resetting}`)).toMatchObject({ stage: 'tls', code: 'ECONNRESET' })
  })

  it('tells an authority file that holds none', async () => {
    const port = await serveTls(own.issue('bad-ca', LOCAL))
    const path = join(folder, 'garbage.crt')
    writeFileSync(path, 'garbage')
    expect(await asked(`https://127.0.0.1:${port}/`, { caPath: path })).toMatchObject({
      ok: false,
      stage: 'tls',
      code: 'ERR_NO_CERTIFICATE',
      message: `${path} holds no certificate in PEM`,
    })
  })
})

/** A port whose queue is full, so that it answers no more: its server listens and never accepts. */
async function silentPort(host: string): Promise<number> {
  const script = `const server = require('node:net').createServer().listen(0, '${host}', 1, () => {
    require('node:fs').writeSync(1, String(server.address().port))
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 15_000)
  })`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const port = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text) => resolve(Number(text))),
  )
  for (let i = 0; i < 4; i++) sockets.add(connect({ host, port }).on('error', () => undefined))
  await delay(100)
  return port
}
