/** What an HTTP proxy answers when it is asked for something behind it. */
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { flat } from '../unix-http.ts'
import { bodyOf, type Exchange } from './exchange.ts'
import { failureFrom, ProbeFailure } from './failure.ts'

/**
 * `http://` is asked for by its whole URL; for `https://` it is asked to connect, and nothing is sent over the connection.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-connect
 * @throws {ProbeFailure}
 */
export function askProxy(socket: Socket, wanted: string): Promise<Exchange> {
  if (!URL.canParse(wanted)) throw new ProbeFailure('url', 'ERR_INVALID_URL', 'names no URL behind the proxy')
  const url = new URL(wanted)
  const tunnel = url.protocol === 'https:'
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(failureFrom('http', error))
    const asked = request({
      createConnection: () => socket,
      method: tunnel ? 'CONNECT' : 'GET',
      path: tunnel ? `${url.hostname}:${url.port || 443}` : `${url.origin}${url.pathname}${url.search}`,
      headers: { Host: url.host, 'User-Agent': 'seaworthy', ...(tunnel ? {} : { Connection: 'close' }) },
    })
    const answered = (answer: IncomingMessage, body: string): void =>
      resolve({ status: answer.statusCode ?? 0, headers: flat(answer.headers), body })
    asked.on('error', failed)
    asked.on('connect', (answer) => {
      socket.destroy()
      answered(answer, '')
    })
    asked.on('response', (answer) => {
      bodyOf(answer).then((body) => answered(answer, body), failed)
    })
    asked.end()
  })
}
