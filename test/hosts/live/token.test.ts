/** A registry and its token service, made up: what Docker Hub does, without Docker Hub. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readProbe } from '../../../src/hosts/live/probe.ts'
import { probe } from '../../../src/model/source.ts'

const TOKEN = 'eyJhbGciOi.J9.s3cr3t-t0ken'
let server: Server
let base = ''
const seen: string[] = []

beforeAll(async () => {
  server = createServer(({ method, url, headers }, answer) => {
    seen.push(`${method} ${url} ${headers.authorization ?? ''}`.trim())
    if (url?.startsWith('/token')) return answer.end(JSON.stringify({ token: TOKEN, expires_in: 300 }))
    if (url === '/nothing') return answer.end('{}')
    const known = headers.authorization === `Bearer ${TOKEN}`
    answer
      .writeHead(known ? 200 : 401, { 'ratelimit-remaining': '76;w=21600', 'content-length': '2782' })
      .end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const { signal } = new AbortController()
const read = (tokenFrom: string) => readProbe(probe(`${base}/v2/x/manifests/1`, { tokenFrom }), signal)

it('asks for a token, then with it, and keeps it to itself', async () => {
  const reading = await read(`${base}/token?scope=x`)
  expect(reading).toMatchObject({
    state: 'ok',
    value: { ok: true, status: 200, headers: { 'ratelimit-remaining': '76;w=21600' }, body: '' },
  })
  expect(seen).toEqual(['GET /token?scope=x', `HEAD /v2/x/manifests/1 Bearer ${TOKEN}`])
  expect(JSON.stringify(reading)).not.toContain(TOKEN)
})

it('says so where the service gives none', async () => {
  expect(await read(`${base}/nothing`)).toMatchObject({
    state: 'ok',
    value: { ok: false, stage: 'http', code: 'NO_TOKEN' },
  })
})

it('says so where there is no such service', async () => {
  expect(await read('http://127.0.0.1:1/token')).toMatchObject({
    state: 'ok',
    value: { ok: false, stage: 'tcp' },
  })
})
