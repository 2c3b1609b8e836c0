import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readProbe } from '../../../src/hosts/live/probe.ts'
import { type ProbeAnswer, probe } from '../../../src/model/source.ts'

/** A proxy that connects to one host, refuses others, and repeats what else it is asked for. */
let proxy: Server
let at = ''

beforeAll(async () => {
  proxy = createServer((request, answer) =>
    answer.end(`${request.method} ${request.url} ${request.headers.host}`),
  )
  proxy.on('connect', (request, socket) => {
    const open = request.url === 'good.example:443'
    socket.end(`HTTP/1.1 ${open ? '200 Connected' : '403 Forbidden'}\r\n\r\n`)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  at = `proxy://127.0.0.1:${(proxy.address() as AddressInfo).port}`
})
afterAll(() => proxy.close())

async function asked(url: string): Promise<ProbeAnswer> {
  const reading = await readProbe(probe(url, { timeoutMs: 2000 }), new AbortController().signal)
  if (reading.state !== 'ok') throw new Error(reading.reason)
  return reading.value
}

describe('proxy://', () => {
  it('asks for http:// by the whole URL', async () => {
    expect(await asked(`${at}/http://10.9.8.7:5000/v2/?n=1`)).toMatchObject({
      ok: true,
      status: 200,
      body: 'GET http://10.9.8.7:5000/v2/?n=1 10.9.8.7:5000',
    })
  })
  it('asks to be connected for https://', async () => {
    expect(await asked(`${at}/https://good.example/v2/`)).toMatchObject({ ok: true, status: 200 })
    expect(await asked(`${at}/https://other.example:5443/v2/`)).toMatchObject({ ok: true, status: 403 })
  })
  it('says that the proxy is not there', async () => {
    expect(await asked('proxy://127.0.0.1:1/http://a.example/')).toMatchObject({
      ok: false,
      stage: 'tcp',
      code: 'ECONNREFUSED',
    })
  })
  it('refuses what names no URL, and a proxy without a port', async () => {
    expect(await asked(`${at}/nothing`)).toMatchObject({ ok: false, code: 'ERR_INVALID_URL' })
    expect(await asked('proxy://a.example/http://b.example/')).toMatchObject({ ok: false, stage: 'url' })
  })
})
