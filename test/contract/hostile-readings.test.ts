/** Whatever a host says, a fact is a value or says why it is none: each fact's parser over 10,000 hostile readings. */
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/engine/catalogue.ts'
import { FactStore } from '../../src/engine/facts.ts'
import { Reader } from '../../src/engine/reader.ts'
import { loadSnapshot } from '../../src/hosts/snapshot/load.ts'
import { snapshotHost } from '../../src/hosts/snapshot.ts'
import { type Asks, type Fact, sourceOf, Unavailable } from '../../src/model/fact.ts'
import type { Reading } from '../../src/model/reading.ts'
import type { Source } from '../../src/model/source.ts'
import { ParseError } from '../../src/net/parse-error.ts'
import { hostile } from '../net/hostile.ts'
import { factsBeneath } from './facts.ts'

const RUNS = 10_000
/** The same inputs each time; `SEED=2 npx vitest run …` tries others. */
const SEED = Number(process.env.SEED ?? 1)

interface GivenReading {
  /** By which the parser knows it. */
  readonly name: string
  readonly lens: 'value' | 'orAbsent' | 'asReading'
  readonly source: Source
  readonly reading: Reading
}
/** What a parser is given on one host. */
interface Given {
  readonly fact: Fact<unknown>
  readonly needs: Record<string, unknown>
  readonly readings: readonly GivenReading[]
}

const facts = new Map(catalogue.flatMap(({ needs }) => factsBeneath(needs)).map((fact) => [fact.name, fact]))

async function givenOn(file: string): Promise<Given[]> {
  const host = snapshotHost(await loadSnapshot(`test/hosts/${file}`))
  const reader = new Reader(host, { signal: new AbortController().signal, atOnce: 8, offline: false })
  const store = new FactStore(reader)
  const given = await Promise.all(
    [...facts.values()].map(async (fact) => {
      const { values: needs, why } = await store.needs(fact.needs)
      if (why) return null
      const asks: Asks = typeof fact.reads === 'function' ? fact.reads(needs as never) : fact.reads
      const readings = await Promise.all(
        Object.entries(asks).map(
          async ([name, ask]): Promise<GivenReading> => ({
            name,
            lens: 'lens' in ask ? ask.lens : 'value',
            source: sourceOf(ask),
            reading: await reader.read(sourceOf(ask)),
          }),
        ),
      )
      return readings.length === 0 ? null : { fact, needs, readings }
    }),
  )
  return given.filter((one) => one !== null)
}

/** The text in a payload: a file, what a command printed, the body of an answer. */
function textOf({ value }: { readonly value: unknown }): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  if ('stdout' in value) return String(value.stdout)
  return 'body' in value ? String(value.body) : ''
}

/** The payload with another text in it; what holds no text stays as it is. */
function withText(source: Source, text: string, value: unknown): unknown {
  switch (source.kind) {
    case 'file':
      return source.encoding === 'base64' ? Buffer.from(text).toString('base64') : text
    case 'environment':
      return text
    case 'command':
      return { stdout: text, stderr: '', exit: 0 }
    case 'unixHttp':
      return { status: 200, headers: {}, body: text }
    case 'directory':
      return text.split('\n')
    default:
      return value
  }
}

const isText = ({ source }: { readonly source: Source }): boolean =>
  ['file', 'command', 'unixHttp', 'environment', 'directory'].includes(source.kind)

const okay = (value: unknown): Reading => ({ state: 'ok', value, durationMs: 0 }) as Reading

/** What the parser gets: each payload as its lens asks, one of them replaced. Null where it would not be called at all. */
function payloads({ readings }: Given, replaced: string, text: string): Record<string, unknown> | null {
  const given: Record<string, unknown> = {}
  for (const { name, lens, source, reading } of readings) {
    const before = reading.state === 'ok' ? reading.value : undefined
    const now = name === replaced ? okay(withText(source, text, before)) : reading
    if (lens === 'asReading') given[name] = now
    else if (now.state === 'ok') given[name] = now.value
    else if (lens === 'orAbsent' && now.state === 'absent') given[name] = null
    else return null
  }
  return given
}

/** JSON in which one value is another one. */
function otherJson(text: string): fc.Arbitrary<string>[] {
  if (!/^\s*[[{]/.test(text)) return []
  const values = [...text.matchAll(/:\s*("(?:[^"\\]|\\.)*"|-?\d+|true|false|null)/g)]
  if (values.length === 0) return []
  const piece = fc.oneof(
    fc.json({ maxDepth: 1 }),
    fc.constantFrom('null', '[]', '{}', '""', '-1', '1e308', '[null]'),
  )
  return [
    fc.tuple(fc.constantFrom(...values), piece).map(([match, value]) => {
      const at = match.index + match[0].length - (match[1]?.length ?? 0)
      return text.slice(0, at) + value + text.slice(match.index + match[0].length)
    }),
  ]
}

const isDeclared = (error: unknown): boolean => error instanceof Unavailable || error instanceof ParseError

const recordings = readdirSync('test/hosts').filter((name) => name.endsWith('.json'))
const given = (await Promise.all(recordings.map(givenOn))).flat()
const byFact = new Map<string, Given[]>()
for (const one of given) byFact.set(one.fact.name, [...(byFact.get(one.fact.name) ?? []), one])

describe('a hostile reading', () => {
  const texts = [...byFact.values()].filter((all) => all.some(({ readings }) => readings.some(isText)))
  it.each(texts.map((all) => [all[0]?.fact.name ?? '', all] as const))(
    'of %s is a value or a reason',
    (_, all) => {
      const inputs = all.flatMap((one, on) =>
        one.readings.filter(isText).map(({ name, reading }) => {
          const text = reading.state === 'ok' ? textOf(reading) : ''
          return fc.oneof(hostile(text), ...otherJson(text)).map((changed) => ({ on, name, changed }))
        }),
      )
      fc.assert(
        fc.property(fc.oneof(...inputs), ({ on, name, changed }) => {
          const one = all[on]
          const readings = one && payloads(one, name, changed)
          if (!readings) return true
          try {
            one.fact.parse(readings as never, one.needs as never)
            return true
          } catch (error) {
            if (isDeclared(error)) return true
            throw error
          }
        }),
        { numRuns: RUNS, seed: SEED },
      )
    },
  )
  it('is tried on every parser that reads text', () => {
    expect(texts.length).toBeGreaterThan(60)
  })
})
