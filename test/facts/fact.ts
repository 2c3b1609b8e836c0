/** What a fact is on a host in memory. */
import { FactStore } from '../../src/engine/facts.ts'
import { Reader } from '../../src/engine/reader.ts'
import { memoryHost, type Readings } from '../../src/hosts/memory.ts'
import type { Fact, Known } from '../../src/model/fact.ts'

export async function factOn<T>(
  fact: Fact<T>,
  host: Readings,
  presets: ReadonlyMap<string, unknown> = new Map(),
): Promise<Known<T>> {
  const reader = new Reader(memoryHost(host), {
    signal: new AbortController().signal,
    atOnce: 8,
    offline: false,
  })
  return (await new FactStore(reader, presets).get(fact)).outcome
}

/** The value of a fact that must be known. */
export async function valueOn<T>(
  fact: Fact<T>,
  host: Readings,
  presets?: ReadonlyMap<string, unknown>,
): Promise<T> {
  const outcome = await factOn(fact, host, presets)
  if (!outcome.known)
    throw new Error(`${fact.name} is not known: ${outcome.why.source}: ${outcome.why.reason}`)
  return outcome.value
}
