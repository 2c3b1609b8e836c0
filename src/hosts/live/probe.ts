/**
 * Probes of what lies outside the host, stage by stage: url, dns, tcp, tls, http. That the other side does not answer is
 * what was seen, so it is an `ok` reading whose payload says which stage failed.
 *
 * Direct, whatever proxy the engine is configured to use; what the host reaches only through it fails here at `tcp`. What the proxy
 * itself says is asked for by `proxy://`.
 */
import type { Socket } from 'node:net'
import { cutShort, missing, ok, type Reading } from '../../model/reading.ts'
import type { ProbeAnswer, ProbeSource, ProbeStage } from '../../model/source.ts'
import { askServer } from './probe/ask.ts'
import { connectFirst, remarkOn } from './probe/connect.ts'
import { exchange } from './probe/exchange.ts'
import { codeOf, type Finding, failureFrom, ProbeFailure } from './probe/failure.ts'
import { shakeHands } from './probe/handshake.ts'
import { resolve } from './probe/resolve.ts'
import { type Target, targetOf } from './probe/target.ts'
import { askProxy } from './probe/through.ts'
import { type Trust, trust } from './probe/trust.ts'
import { within } from './within.ts'

const DEFAULT_TIMEOUT_MS = 5_000

/**
 * Reads nothing of the host but its name resolution and its certificates: only when those are denied, or the run ends first, it is not `ok`.
 */
export async function readProbe(source: ProbeSource, signal: AbortSignal): Promise<Reading<ProbeSource>> {
  if (source.inside !== undefined) return (await import('./probe/inside.ts')).probeInside(source, signal)
  if (!source.tokenFrom) return ask(source, signal)
  const { timeoutMs } = source
  const given = await ask(
    { kind: 'probe', url: source.tokenFrom, ...(timeoutMs ? { timeoutMs } : {}) },
    signal,
  )
  const token = given.state === 'ok' ? tokenIn(given.value.body ?? '') : undefined
  if (token) return ask(source, signal, token)
  if (given.state !== 'ok' || !given.value.ok) return given
  const { status, timings } = given.value
  const message = `the token service gives no token (HTTP ${status})`
  return ok({ ok: false, stage: 'http', code: 'NO_TOKEN', message, timings }, given.durationMs)
}

/** @see https://distribution.github.io/distribution/spec/auth/token/ */
const tokenIn = (body: string): string | undefined =>
  /"(?:access_)?token"\s*:\s*"([\w.~+/=-]+)"/.exec(body)?.[1]

async function ask(source: ProbeSource, signal: AbortSignal, token?: string): Promise<Reading<ProbeSource>> {
  const started = performance.now()
  const probing = new Probing(source, signal, token)
  try {
    const found = await probing.run()
    return ok({ ok: true, ...found, timings: probing.timings }, performance.now() - started)
  } catch (error) {
    const took = performance.now() - started
    if (signal.aborted) return cutShort(took)
    const failure = failureFrom(probing.stage, error)
    if (failure.code === 'CA_DENIED') return missing('denied', failure.message, took)
    return ok(answerOf(failure, probing), took)
  } finally {
    probing.close()
  }
}

const answerOf = ({ stage, code, message, found }: ProbeFailure, probing: Probing): ProbeAnswer => ({
  ok: false,
  ...probing.found,
  ...found,
  stage,
  code,
  message,
  timings: probing.timings,
})

class Probing {
  /** Where it stands. */
  stage: ProbeStage = 'url'
  found: Finding = {}
  readonly timings: Partial<Record<ProbeStage, number>> = {}
  readonly #source: ProbeSource
  readonly #signal: AbortSignal
  readonly #token: string | undefined
  readonly #timeoutMs: number
  readonly #deadline: number
  readonly #end = new AbortController()
  #socket: Socket | undefined

  constructor(source: ProbeSource, signal: AbortSignal, token?: string) {
    this.#source = source
    this.#signal = signal
    this.#token = token
    this.#timeoutMs = source.timeoutMs ?? DEFAULT_TIMEOUT_MS
    this.#deadline = performance.now() + this.#timeoutMs
  }

  async run(): Promise<Finding> {
    const target = await this.#do('url', async () => targetOf(this.#source.url))
    const name = target.scheme === 'dns' ? target.path.slice(1) : ''
    if (name !== '') return this.#do('dns', () => askServer(target.host, target.port, name, this.#stopped()))
    const addresses = await this.#do('dns', () => resolve(target.host, this.#left(), this.#stopped()))
    this.#note({ addresses })
    if (target.scheme !== 'dns') await this.#reach(target, addresses)
    return this.found
  }

  async #reach(target: Target, addresses: readonly string[]): Promise<void> {
    const connection = await this.#do('tcp', () => connectFirst(addresses, target.port, this.#end.signal))
    this.#socket = connection.socket.on('error', () => undefined)
    const message = remarkOn(connection)
    const { address, failures } = connection
    this.#note({ address, ...(failures.length > 0 ? { failures } : {}), ...(message ? { message } : {}) })
    if (target.scheme === 'proxy') {
      return this.#note(await this.#do('http', () => askProxy(connection.socket, target.path.slice(1))))
    }
    const socket = await this.#secured(target, connection.socket)
    if (target.scheme === 'http' || target.scheme === 'https') {
      this.#note(await this.#do('http', () => exchange(socket, target, this.#token)))
    }
  }

  async #secured({ scheme, host }: Target, plain: Socket): Promise<Socket> {
    if (scheme !== 'https' && scheme !== 'tls') return plain
    const { socket, certificate } = await this.#do('tls', () => shakeHands(plain, host, this.#trust()))
    this.#socket = socket.on('error', () => undefined)
    if (certificate) this.#note({ certificate })
    return socket
  }

  #trust(): Trust {
    try {
      return trust(this.#source.caPath)
    } catch (error) {
      const code = codeOf(error)
      const said = error instanceof Error ? error.message : String(error)
      if (code === 'EACCES' || code === 'EPERM') {
        throw new ProbeFailure('tls', 'CA_DENIED', `${this.#source.caPath}: permission denied`)
      }
      throw new ProbeFailure('tls', code, said)
    }
  }

  async #do<T>(stage: ProbeStage, step: () => Promise<T>): Promise<T> {
    this.stage = stage
    const started = performance.now()
    try {
      const done = await within(step(), this.#left(), this.#signal)
      if (!done) throw this.#late(stage)
      return done.value
    } finally {
      this.timings[stage] = Math.round((performance.now() - started) * 10) / 10
    }
  }

  #late(stage: ProbeStage): ProbeFailure {
    return new ProbeFailure(stage, 'TIMEOUT', `no answer in ${this.#timeoutMs / 1000} s`)
  }

  #left(): number {
    return Math.max(1, this.#deadline - performance.now())
  }

  #stopped(): AbortSignal {
    return AbortSignal.any([this.#signal, this.#end.signal])
  }

  #note(more: Finding): void {
    this.found = { ...this.found, ...more }
  }

  close(): void {
    this.#end.abort()
    this.#socket?.destroy()
  }
}
