import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HostContext, lintDaemonJson, parseDaemonJson, setKey } from '../../src/daemon-json/index.ts'
import { BYTES } from './byte-facts.ts'
import { ENGINES, STARTED, STARTS_ON_20_10 } from './engine-facts.ts'

const samples = [...STARTED.map(([file]) => file), ...STARTS_ON_20_10].map((file) =>
  new TextEncoder().encode(file),
)
const sample = fc.constantFrom(...samples, ...BYTES.map(({ bytes }) => bytes))
const keys = fc.constantFrom(
  'bip',
  'hosts',
  'log-opts',
  'runtimes',
  'features',
  'default-address-pools',
  'foo',
  '__proto__',
  '',
)
const engine = fc.constantFrom(...ENGINES)

/** A valid file with some of its bytes replaced, inserted or cut away. */
const mutated = fc
  .tuple(
    sample,
    fc.array(fc.tuple(fc.nat(), fc.uint8Array({ maxLength: 4 }), fc.nat({ max: 3 })), { maxLength: 4 }),
  )
  .map(([file, changes]) =>
    changes.reduce((bytes, [at, inserted, cut]) => {
      const offset = at % (bytes.length + 1)
      return Uint8Array.from([...bytes.subarray(0, offset), ...inserted, ...bytes.subarray(offset + cut)])
    }, file),
  )
/** Those of the samples that are JSON objects. */
const objects = STARTED.map(([file]) => file).filter(
  (file) => parseDaemonJson(file).valid && file.trim() !== 'null',
)
const anyValue = fc
  .dictionary(keys, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 })
  .map((value) => new TextEncoder().encode(JSON.stringify(value)))

const host: HostContext = {
  pathExists: () => false,
  interfaceKind: () => 'other',
  filesystemOf: () => undefined,
}

function survives(bytes: Uint8Array, engineVersion: string): void {
  const { accepted, problems } = lintDaemonJson(bytes, { engineVersion, host })
  expect(accepted).toBe(problems.every(({ level }) => level === 'warn'))
  for (const { line, column, message, suggestion, finding } of problems) {
    expect(line >= 1 && column >= 1 && message !== '' && suggestion !== '').toBe(true)
    expect(finding).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  }
  expect(parseDaemonJson(bytes).value).toBeTypeOf('object')
}

describe('no bytes bring it down', () => {
  const runs = { numRuns: 5_000, interruptAfterTimeLimit: 30_000 }

  it('arbitrary bytes', { timeout: 60_000 }, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), engine, survives), runs)
  })

  it('valid files, damaged', { timeout: 60_000 }, () => {
    fc.assert(fc.property(mutated, engine, survives), runs)
  })

  it('known keys with arbitrary values', { timeout: 60_000 }, () => {
    fc.assert(fc.property(anyValue, engine, survives), runs)
  })

  it.each(['[', '{"a":', '{"x":[', '{"log-opts":{"a":', '"', '\\', '9', '{"a":1,', '\u0000', '{}'])(
    'a megabyte of %j',
    (part) => {
      const bytes = new TextEncoder().encode(part.repeat(Math.ceil(1_000_000 / part.length)))
      survives(bytes, '29.7.2')
      survives(bytes, '20.10.24')
    },
  )

  it('deep nesting that Go still takes', () => {
    const deep = `{"registry-mirror":${'['.repeat(9_000)}${']'.repeat(9_000)}}`
    expect(lintDaemonJson(deep).accepted).toBe(true)
  })

  it('edits of valid files stay valid', () => {
    const edited = fc.tuple(fc.constantFrom(...objects), keys, fc.jsonValue({ maxDepth: 2 }))
    fc.assert(
      fc.property(edited, ([text, key, value]) => {
        const changed: unknown = JSON.parse(setKey(text, [key], value))
        expect((changed as Record<string, unknown>)[key]).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 200 },
    )
  })
})
