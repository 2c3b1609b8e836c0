/** GET over a unix socket: the engine's API, without its client. */
import { statSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { cutShort, missing, ok, type Reading } from '../../model/reading.ts'
import type { UnixHttpSource } from '../../model/source.ts'
import { missingFrom } from './errors.ts'

const DEFAULT_TIMEOUT_MS = 3_000
const CAP = 8 * 1024 * 1024

/** Where there is no socket, nothing is loaded to find that out. */
export async function readUnixHttp(
  source: UnixHttpSource,
  signal: AbortSignal,
): Promise<Reading<UnixHttpSource>> {
  const started = performance.now()
  try {
    statSync(source.socket)
  } catch (error) {
    return missingFrom(error, performance.now() - started)
  }
  return ask(source, signal, started, await import('node:http'))
}

function ask(
  source: UnixHttpSource,
  signal: AbortSignal,
  started: number,
  { request }: typeof import('node:http'),
): Promise<Reading<UnixHttpSource>> {
  const took = (): number => performance.now() - started
  const timeout = source.timeoutMs ?? DEFAULT_TIMEOUT_MS
  return new Promise((resolve) => {
    const asked = request({
      socketPath: source.socket,
      path: source.path,
      headers: { Host: 'localhost', Connection: 'close' },
      signal,
    })
    const finish = (reading: Reading<UnixHttpSource>): void => {
      clearTimeout(timer)
      resolve(reading)
      asked.destroy()
    }
    const timer = setTimeout(
      () => finish(missing('timeout', `no answer in ${timeout / 1000} s`, took())),
      timeout,
    )
    // Amid an answer, the end of the run comes as a connection that breaks off.
    const failed = (error: NodeJS.ErrnoException): void =>
      finish(signal.aborted ? cutShort(took()) : refused(error, took()))
    asked.on('error', failed)
    asked.on('response', (answer) => {
      const given = (body: string, truncated: boolean): void =>
        finish(ok({ status: answer.statusCode ?? 0, headers: flat(answer.headers), body }, took(), truncated))
      gather(answer, given, failed)
    })
    asked.end()
  })
}

/** Collects a body up to the cap. */
function gather(
  answer: IncomingMessage,
  given: (body: string, truncated: boolean) => void,
  failed: (error: NodeJS.ErrnoException) => void,
): void {
  let body = ''
  answer.setEncoding('utf8')
  answer.on('data', (chunk: string) => {
    body += chunk
    if (body.length > CAP) given(body.slice(0, CAP), true)
  })
  answer.on('error', failed)
  answer.on('end', () => given(body, false))
}

const refused = (error: NodeJS.ErrnoException, took: number): Reading<UnixHttpSource> =>
  error.code === 'ECONNREFUSED' ? missing('failed', 'connection refused', took) : missingFrom(error, took)

export const flat = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))
