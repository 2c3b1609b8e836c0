/** GET over a unix socket: the engine's API, without its client. */
import { request } from 'node:http'
import { missing, ok, type Reading } from '../../model/reading.ts'
import type { UnixHttpSource } from '../../model/source.ts'
import { missingFrom } from './errors.ts'

const DEFAULT_TIMEOUT_MS = 3_000
const CAP = 8 * 1024 * 1024

export function readUnixHttp(source: UnixHttpSource, signal: AbortSignal): Promise<Reading<UnixHttpSource>> {
  const started = performance.now()
  const took = (): number => performance.now() - started
  const timeout = source.timeoutMs ?? DEFAULT_TIMEOUT_MS
  return new Promise((resolve) => {
    const asked = request({
      socketPath: source.socket,
      path: source.path,
      headers: { Host: 'localhost' },
      signal,
    })
    const timer = setTimeout(() => {
      asked.destroy()
      resolve(missing('timeout', `no answer in ${timeout / 1000} s`, took()))
    }, timeout)
    asked.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const aborted = error.name === 'AbortError'
      resolve(aborted ? missing('timeout', 'the run ended first', took()) : refused(error, took()))
    })
    asked.on('response', (answer) => {
      let body = ''
      let truncated = false
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        if (body.length + chunk.length <= CAP) body += chunk
        else truncated = true
      })
      answer.on('end', () => {
        clearTimeout(timer)
        resolve(
          ok({ status: answer.statusCode ?? 0, headers: flat(answer.headers), body }, took(), truncated),
        )
      })
    })
    asked.end()
  })
}

const refused = (error: NodeJS.ErrnoException, took: number): Reading<UnixHttpSource> =>
  error.code === 'ECONNREFUSED' ? missing('failed', 'connection refused', took) : missingFrom(error, took)

export const flat = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))
