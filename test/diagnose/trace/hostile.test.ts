/** Whatever a host says, a trace is a report or a reason, and ends. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { trace } from '../../../src/diagnose/trace/trace.ts'
import { UnknownContainer } from '../../../src/diagnose/unknown-container.ts'
import { memoryHost, type Readings } from '../../../src/hosts/memory.ts'
import { InputError } from '../../../src/model/errors.ts'
import { Unavailable } from '../../../src/model/fact.ts'
import { bodyOf, textOf, web } from '../../checks/container/web.ts'
import { hostile } from '../../net/hostile.ts'

const texts = Object.keys(web).filter((key) => textOf(key).length > 0)
const bodies = Object.keys(web).filter((key) => bodyOf(key).length > 0)

const changed: fc.Arbitrary<Readings> = fc.oneof(
  fc.constantFrom(...texts).chain((key) => hostile(textOf(key)).map((text): Readings => ({ [key]: text }))),
  fc
    .constantFrom(...bodies)
    .chain((key) =>
      hostile(bodyOf(key)).map((body): Readings => ({ [key]: { status: 200, headers: {}, body } })),
    ),
  fc.constantFrom(...Object.keys(web)).map((key): Readings => ({ [key]: null })),
)

const isReason = (error: unknown): boolean =>
  error instanceof Unavailable || error instanceof InputError || error instanceof UnknownContainer

it('is a report or a reason', { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(changed, async (changes) => {
      const way = { to: { host: '10.77.0.1', port: 8080 } }
      const options = {
        settings: { profile: 'docker', container: 'web', way },
        ...{ timeoutS: 10, version: '0.0.0', signal: new AbortController().signal },
      } as const
      const answer = await trace(memoryHost({ ...web, ...changes }), options).catch((error: unknown) => error)
      if (answer instanceof Error) expect(isReason(answer), String(answer.stack)).toBe(true)
      else expect(JSON.stringify(answer)).not.toMatch(/check itself failed|undefined|NaN/)
    }),
    { numRuns: 300, seed: 1 },
  ))
