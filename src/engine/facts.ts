/** Works facts out, each once per run, from readings and from other facts. */
import {
  type Ask,
  type Asks,
  type Fact,
  factOf,
  type Known,
  type Needs,
  sourceOf,
  Unavailable,
  type Unreadable,
  unavailable,
} from '../model/fact.ts'
import { isCutShort, type Reading } from '../model/reading.ts'
import { type CommandOutput, type Source, sourceKey } from '../model/source.ts'
import type { Reader } from './reader.ts'

/** What something rests on: the keys of its own readings, and the facts that it needs. Kept as it is, since few are asked for all keys. */
export interface Grounds {
  readonly needed: readonly Grounds[]
  readonly keys: readonly string[]
}

const NO_GROUNDS: Grounds = { needed: [], keys: [] }

/** A fact, worked out, with what it rests on. */
export interface Worked<T = unknown> {
  readonly outcome: Known<T>
  readonly grounds: Grounds
}

/** What a check or a fact needs, worked out. */
interface Needed {
  readonly values: Record<string, unknown>
  /** The first one that is required and unavailable. */
  readonly why?: Unreadable
  readonly grounds: Grounds
}

/** The keys of all readings that something rests on, each once, those of needed facts first. */
export function* keysOf(grounds: Grounds, seen = new Set<Grounds | string>()): Generator<string> {
  if (seen.has(grounds)) return
  seen.add(grounds)
  for (const needed of grounds.needed) yield* keysOf(needed, seen)
  for (const key of grounds.keys) {
    if (seen.has(key)) continue
    seen.add(key)
    yield key
  }
}

export class FactStore {
  readonly #reader: Reader
  readonly #facts = new Map<string, Promise<Worked>>()

  constructor(reader: Reader, presets: ReadonlyMap<string, unknown> = new Map()) {
    this.#reader = reader
    for (const [name, value] of presets) {
      this.#facts.set(name, Promise.resolve({ outcome: { known: true, value }, grounds: NO_GROUNDS }))
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

  /** All needs of a check or a fact. */
  async needs(needs: Needs): Promise<Needed> {
    const asked = Object.entries(needs).map(([name, need]) => [name, need, this.get(factOf(need))] as const)
    const values: Record<string, unknown> = {}
    const needed: Grounds[] = []
    let why: Unreadable | undefined
    for (const [name, need, worked] of asked) {
      const { outcome, grounds } = await worked
      needed.push(grounds)
      if ('maybe' in need) values[name] = outcome
      else if (outcome.known) values[name] = outcome.value
      else why ??= outcome.why
    }
    return { values, grounds: { needed, keys: [] }, ...(why ? { why } : {}) }
  }

  async #work(fact: Fact<unknown>): Promise<Worked> {
    const { values, why, grounds } = await this.needs(fact.needs)
    if (why) return { outcome: { known: false, why }, grounds }
    let keys: readonly string[] = []
    let outcome: Known<unknown>
    try {
      const asks: Asks = typeof fact.reads === 'function' ? fact.reads(values as never) : fact.reads
      keys = Object.values(asks).map((ask) => sourceKey(sourceOf(ask)))
      const readings = await this.#read(asks)
      outcome = { known: true, value: fact.parse(readings as never, values as never) }
    } catch (error) {
      outcome = { known: false, why: reasonOf(error, fact) }
    }
    return { outcome, grounds: { needed: grounds.needed, keys } }
  }

  async #read(asks: Asks): Promise<Record<string, unknown>> {
    const asked = Object.entries(asks).map(
      ([name, ask]) => [name, ask, this.#reader.read(sourceOf(ask))] as const,
    )
    const ended: (readonly [string, Ask, Reading])[] = []
    for (const [name, ask, reading] of asked) ended.push([name, ask, await reading])
    return Object.fromEntries(ended.map(([name, ask, reading]) => [name, given(ask, reading)]))
  }
}

function given(ask: Ask, reading: Reading): unknown {
  // Nothing follows from it, whatever a fact makes of a source that does not answer.
  if (reading.state !== 'ok' && isCutShort(reading)) return unavailable(sourceKey(sourceOf(ask)), reading)
  if (!('lens' in ask)) return payloadOf(ask, reading, false)
  return ask.lens === 'asReading' ? reading : payloadOf(ask.source, reading, true)
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
