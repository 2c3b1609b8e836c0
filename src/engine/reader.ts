/** Reads each source once per run, a bounded number at a time, within a total time. */
import { setMaxListeners } from 'node:events'
import type { Host } from '../hosts/host.ts'
import { cutShort, missing, type Reading } from '../model/reading.ts'
import { type Source, sourceKey } from '../model/source.ts'

export interface ReaderOptions {
  /** Ends every reading that is still under way. */
  readonly signal: AbortSignal
  /** Programs, probes and requests at once. */
  readonly atOnce: number
  /** Nothing outside the host is contacted. */
  readonly offline: boolean
}

export const OFFLINE = 'not asked: --offline'

/** When the run ends, a reading gets this long to end by itself and say what it was; then it is no longer waited for. */
const GRACE_MS = 600

/** Kinds that are answered by the kernel at once; the others wait for a free slot. */
const QUICK: ReadonlySet<Source['kind']> = new Set([
  'file',
  'directory',
  'stat',
  'identity',
  'environment',
  'clock',
])

export class Reader {
  readonly readings = new Map<string, Promise<Reading>>()
  /** Every reading that has ended, by source key, for evidence and recording. */
  readonly ended = new Map<string, Reading>()
  readonly #host: Host
  readonly #options: ReaderOptions
  readonly #waiting: (() => void)[] = []
  readonly #cutOff: Promise<Reading>
  #running = 0

  constructor(host: Host, options: ReaderOptions) {
    this.#host = host
    this.#options = options
    // Every reading that is under way listens; many at once are no leak.
    setMaxListeners(0, options.signal)
    const { signal } = options
    this.#cutOff = new Promise((resolve) => {
      const cut = (): void => resolve(cutShort())
      signal.addEventListener('abort', () => setTimeout(cut, GRACE_MS), { once: true })
    })
  }

  read<S extends Source>(source: S): Promise<Reading<S>> {
    const key = sourceKey(source)
    let reading = this.readings.get(key)
    if (!reading) {
      reading = this.#readOnce(source, key)
      this.readings.set(key, reading)
    }
    return reading as Promise<Reading<S>>
  }

  async #readOnce(source: Source, key: string): Promise<Reading> {
    const reading = await (QUICK.has(source.kind) ? this.#attempt(source) : this.#inTurn(source))
    this.ended.set(key, reading)
    return reading
  }

  async #inTurn(source: Source): Promise<Reading> {
    if (this.#options.offline && source.kind === 'probe') return missing('notRecorded', OFFLINE)
    await this.#slot()
    try {
      return await Promise.race([this.#attempt(source), this.#cutOff])
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }

  async #slot(): Promise<void> {
    if (this.#running >= this.#options.atOnce) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#running++
  }

  async #attempt(source: Source): Promise<Reading> {
    if (this.#options.signal.aborted) return cutShort()
    try {
      return await this.#host.read(source, this.#options.signal)
    } catch (error) {
      return missing('failed', error instanceof Error ? error.message : String(error))
    }
  }
}
