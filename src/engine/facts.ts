/** Works facts out, each once per run, from readings and from other facts. */
import {
  type Asks,
  type Fact,
  factOf,
  type Known,
  type Needs,
  sourceOf,
  Unavailable,
  type Unreadable,
} from '../model/fact.ts'
import type { Reading } from '../model/reading.ts'
import { type CommandOutput, type Source, sourceKey } from '../model/source.ts'
import type { Reader } from './reader.ts'

/** A fact, worked out, with the keys of the readings that it rests on. */
export interface Worked<T = unknown> {
  readonly outcome: Known<T>
  readonly sources: ReadonlySet<string>
}

export class FactStore {
  readonly #reader: Reader
  readonly #facts = new Map<string, Promise<Worked>>()

  constructor(reader: Reader, presets: ReadonlyMap<string, unknown> = new Map()) {
    this.#reader = reader
    for (const [name, value] of presets) {
      this.#facts.set(name, Promise.resolve({ outcome: { known: true, value }, sources: new Set() }))
    }
  }

  /** From now on a fact is what is given here. */
  set<T>(fact: Fact<T>, worked: Promise<Worked<T>>): void {
    this.#facts.set(fact.name, worked)
  }

  get<T>(fact: Fact<T>): Promise<Worked<T>> {
    let worked = this.#facts.get(fact.name)
    if (!worked) {
      worked = this.#work(fact)
      this.#facts.set(fact.name, worked)
    }
    return worked as Promise<Worked<T>>
  }

  /** All needs of a check or a fact. The first one that is required and unavailable is `why`. */
  async needs(
    needs: Needs,
  ): Promise<{ values: Record<string, unknown>; why?: Unreadable; sources: Set<string> }> {
    const entries = await Promise.all(
      Object.entries(needs).map(async ([name, need]) => [name, need, await this.get(factOf(need))] as const),
    )
    const values: Record<string, unknown> = {}
    const sources = new Set<string>()
    let why: Unreadable | undefined
    for (const [name, need, { outcome, sources: from }] of entries) {
      for (const key of from) sources.add(key)
      if ('maybe' in need) values[name] = outcome
      else if (outcome.known) values[name] = outcome.value
      else why ??= outcome.why
    }
    return { values, sources, ...(why ? { why } : {}) }
  }

  async #work(fact: Fact<unknown>): Promise<Worked> {
    const { values, why, sources } = await this.needs(fact.needs)
    if (why) return { outcome: { known: false, why }, sources }
    try {
      const asks: Asks = typeof fact.reads === 'function' ? fact.reads(values as never) : fact.reads
      const readings = await this.#read(asks, sources)
      return { outcome: { known: true, value: fact.parse(readings as never, values as never) }, sources }
    } catch (error) {
      return { outcome: { known: false, why: reasonOf(error, fact) }, sources }
    }
  }

  async #read(asks: Asks, sources: Set<string>): Promise<Record<string, unknown>> {
    const pairs = await Promise.all(
      Object.entries(asks).map(async ([name, ask]) => {
        const source = sourceOf(ask)
        sources.add(sourceKey(source))
        return [name, ask, source, await this.#reader.read(source)] as const
      }),
    )
    const given: Record<string, unknown> = {}
    for (const [name, ask, source, reading] of pairs) {
      given[name] =
        'lens' in ask && ask.lens === 'asReading' ? reading : payloadOf(source, reading, 'lens' in ask)
    }
    return given
  }
}

/** The payload of a reading that is usable as it stands; else the reason why not. */
function payloadOf(source: Source, reading: Reading, absentIsNull: boolean): unknown {
  if (reading.state !== 'ok') {
    if (reading.state === 'absent' && absentIsNull) return null
    throw new Unavailable({ source: sourceKey(source), state: reading.state, reason: reading.reason })
  }
  if (reading.truncated && (source.kind === 'command' || source.kind === 'unixHttp')) {
    throw new Unavailable({ source: sourceKey(source), state: 'failed', reason: 'it said more than is read' })
  }
  if (source.kind === 'command') {
    const { exit, stderr } = reading.value as CommandOutput
    const said = stderr.trim().split('\n')[0] || 'no message'
    if (exit !== 0) {
      throw new Unavailable({ source: sourceKey(source), state: 'failed', reason: `exit ${exit}: ${said}` })
    }
  }
  return reading.value
}

function reasonOf(error: unknown, fact: Fact<unknown>): Unreadable {
  if (error instanceof Unavailable) return error.why
  const reason = error instanceof Error ? error.message : String(error)
  return { source: `fact ${fact.name}`, state: 'failed', reason: `cannot be understood: ${reason}` }
}
