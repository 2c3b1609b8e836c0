import { createSocket, type Socket } from 'node:dgram'
import { afterAll, describe, expect, it } from 'vitest'
import { readProbe } from '../../../src/hosts/live/probe.ts'
import { type ProbeAnswer, probe } from '../../../src/model/source.ts'

const sockets: Socket[] = []
afterAll(() => {
  for (const socket of sockets) socket.close()
})

/** A name server on a free port of 127.0.0.1 that answers with this code, or (null) not at all; gives the port. */
async function server(code: number | null): Promise<number> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.on('message', (query, from) => {
    if (code === null) return
    const answer = Buffer.from(query)
    answer[2] = 0x81
    answer[3] = 0x80 | code
    socket.send(answer, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return socket.address().port
}

async function asked(port: number, timeoutMs = 5_000): Promise<ProbeAnswer> {
  const source = probe(`dns://127.0.0.1:${port}/registry-1.docker.io`, { timeoutMs })
  const reading = await readProbe(source, new AbortController().signal)
  if (reading.state !== 'ok') throw new Error(reading.reason)
  return reading.value
}

describe('a name server, asked directly', () => {
  const codes = { 'no such name': 3, 'a failure of its own': 2, 'that it refuses': 5 }
  for (const [what, code] of Object.entries(codes)) {
    it(`answers, even if with ${what}`, async () => {
      expect(await asked(await server(code))).toMatchObject({ ok: true, address: '127.0.0.1' })
    })
  }
  it('is not there', async () => {
    const port = await server(null)
    sockets.pop()?.close()
    expect(await asked(port)).toMatchObject({ ok: false, stage: 'dns', code: 'ECONNREFUSED' })
  })
  it('is silent', async () => {
    expect(await asked(await server(null))).toMatchObject({ ok: false, stage: 'dns', code: 'TIMEOUT' })
  })
  it('is silent for longer than the probe may take', async () => {
    expect(await asked(await server(null), 300)).toMatchObject({ ok: false, stage: 'dns', code: 'TIMEOUT' })
  })
})
