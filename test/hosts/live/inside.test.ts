import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insideQuestion, probeInside } from '../../../src/hosts/live/probe/inside.ts'
import { type ProbeAnswer, probe } from '../../../src/model/source.ts'

const never = new AbortController().signal

describe('what may be asked from inside', () => {
  it.each([
    ['tcp://10.0.0.1:80', { scheme: 'tcp', address: '10.0.0.1', port: 80 }],
    ['tcp://[fd00::1]:80', { scheme: 'tcp', address: 'fd00::1', port: 80 }],
    ['dns://10.0.0.1/registry.test', { scheme: 'dns', address: '10.0.0.1', port: 53, name: 'registry.test' }],
    ['udp://10.0.0.1:33434/1500', { scheme: 'udp', address: '10.0.0.1', port: 33_434, bytes: 1500 }],
  ])('%s', (url, question) => expect(insideQuestion(url, 1000)).toMatchObject(question))
  it.each([
    'tcp://10.0.0.1',
    'tcp://name:80',
    'tcp://10.0.0.1:99999',
    'udp://10.0.0.1:80',
    'dns://10.0.0.1/',
    'dns://10.0.0.1/-option',
    'http://10.0.0.1/',
    'tcp://10.0.0.1:80"); process.exit(1); ("',
  ])('not %s', (url) => expect(insideQuestion(url, 1000)).toBeUndefined())
  it('says so', async () => {
    const reading = await probeInside(probe('http://10.0.0.1/', { inside: 1 }), never)
    expect(reading).toMatchObject({ state: 'failed', reason: 'cannot be asked from inside' })
  })
})

/** To enter a network takes root, even the own one. */
describe.skipIf(process.getuid?.() !== 0)('from the network of another process (as root)', () => {
  let server: Server
  let open: UdpSocket
  let port = 0
  beforeAll(async () => {
    server = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    port = typeof address === 'object' && address ? address.port : 0
    open = createSocket('udp4')
    await new Promise<void>((resolve) => open.bind(port, '127.0.0.1', resolve))
  })
  afterAll(() => {
    server.close()
    open.close()
  })
  const ask = async (url: string): Promise<ProbeAnswer> => {
    const reading = await probeInside(probe(url, { inside: process.pid, timeoutMs: 1_500 }), never)
    if (reading.state !== 'ok') throw new Error(reading.reason)
    return reading.value
  }
  it('a connection is made', async () =>
    expect(await ask(`tcp://127.0.0.1:${port}`)).toMatchObject({ ok: true }))
  it('a closed port refuses', async () =>
    expect(await ask('tcp://127.0.0.1:1')).toMatchObject({ ok: false, stage: 'tcp', code: 'ECONNREFUSED' }))
  it('a datagram arrives where its port refuses it', async () =>
    expect(await ask('udp://127.0.0.1:33434/1500')).toMatchObject({ ok: true, code: 'ECONNREFUSED' }))
  it('nobody says whether it arrives where somebody listens', async () =>
    expect(await ask(`udp://127.0.0.1:${port}/576`)).toMatchObject({ ok: false, code: 'TIMEOUT' }))
  it('a name server that is not there', async () =>
    expect(await ask('dns://127.0.0.1/registry.test')).toMatchObject({
      ok: false,
      stage: 'dns',
      code: 'ECONNREFUSED',
    }))
  it('a process that is gone', async () => {
    const reading = await probeInside(probe('tcp://127.0.0.1:1', { inside: 2 ** 22 + 1 }), never)
    expect(reading.state).toBe('failed')
  })
})
