/** One GET, or a HEAD with a token, on a connection that is already made. Redirects are answers like others and not followed. */
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { flat } from '../unix-http.ts'
import { failureFrom } from './failure.ts'
import type { Target } from './target.ts'

const BODY_CAP = 16 * 1024

export interface Exchange {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The first 16 KiB. */
  readonly body: string
}

/** @throws {ProbeFailure} at stage `http` */
export function exchange(socket: Socket, target: Target, token?: string): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const asked = request({
      createConnection: () => socket,
      host: target.host,
      port: target.port,
      defaultPort: target.scheme === 'https' ? 443 : 80,
      path: target.path,
      method: token ? 'HEAD' : 'GET',
      headers: {
        'User-Agent': 'seaworthy',
        Accept: '*/*',
        Connection: 'close',
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
    })
    asked.on('error', (error) => reject(failureFrom('http', error)))
    asked.on('response', (answer) => {
      bodyOf(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 0, headers: flat(answer.headers), body }),
        (error: unknown) => reject(failureFrom('http', error)),
      )
    })
    asked.end()
  })
}

export function bodyOf(answer: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = (): void => resolve(Buffer.concat(chunks).subarray(0, BODY_CAP).toString('utf8'))
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size >= BODY_CAP) {
        end()
        answer.destroy()
      }
    })
    answer.on('end', end)
    answer.on('error', reject)
    answer.on('close', () =>
      reject(Object.assign(new Error('the answer was cut off'), { code: 'ECONNRESET' })),
    )
  })
}
