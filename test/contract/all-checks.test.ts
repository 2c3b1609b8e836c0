/** What every check must keep. */
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/engine/catalogue.ts'
import { run } from '../../src/engine/run.ts'
import { memoryHost, type Readings } from '../../src/hosts/memory.ts'
import type { Cause } from '../../src/model/check.ts'
import { factsBeneath } from './facts.ts'

const judge = (host: Readings) =>
  run(memoryHost(host), {
    checks: catalogue,
    settings: { profile: 'docker' },
    offline: false,
    timeoutS: 10,
    version: '0.0.0',
  })
const ids = new Set<string>(catalogue.map(({ id }) => id))

/** A check, or one finding of it. */
function exists(cause: Cause): boolean {
  const [id, finding] = cause.split('#')
  const check = catalogue.find((one) => one.id === id)
  return check !== undefined && (finding === undefined || finding in check.findings)
}

describe.each(catalogue.map((check) => [check.id, check] as const))('%s', (id, check) => {
  it('is a file named by its id, with a test beside it', () => {
    expect(existsSync(`checks/${id}.ts`), `checks/${id}.ts`).toBe(true)
    expect(existsSync(`test/checks/${id}.test.ts`), `test/checks/${id}.test.ts`).toBe(true)
    expect(id).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/)
  })
  it('states the good condition in a short title, and the consequence in a sentence', () => {
    expect(check.title.length).toBeLessThanOrEqual(60)
    expect(check.title).not.toMatch(/\.$/)
    expect(check.why).toMatch(/^[A-Z].*\.$/)
  })
  it('names only checks that exist as its causes', () => {
    const declared = [
      ...check.causedBy,
      ...Object.values(check.findings).flatMap(({ causedBy }) => causedBy ?? []),
    ]
    expect(declared.filter((cause) => !exists(cause))).toEqual([])
    expect(declared).not.toContain(id)
  })
  it('belongs to a profile', () => {
    expect(check.profiles.length).toBeGreaterThan(0)
  })
  it('keeps no host from being ready where all it gives is hardening advice', () => {
    const advice = check.profiles.every((profile) => profile === 'hardening')
    const failing = Object.values(check.findings).filter(({ level }) => level === 'fail')
    expect(advice ? failing : []).toEqual([])
  })
})

describe('all facts', () => {
  it('have names of their own: a fact is worked out once per run, by its name', () => {
    const byName = new Map<string, Set<string>>()
    for (const { name, about } of catalogue.flatMap(({ needs }) => factsBeneath(needs))) {
      byName.set(name, (byName.get(name) ?? new Set()).add(about))
    }
    expect([...byName].filter(([, meanings]) => meanings.size > 1)).toEqual([])
  })
})

describe('all checks together', () => {
  it('have ids of their own', () => {
    expect(ids.size).toBe(catalogue.length)
  })
  it('pass nothing and throw nothing where nothing was recorded', async () => {
    const { results } = await judge({})
    expect(results.filter(({ status }) => status !== 'unknown' && status !== 'skip')).toEqual([])
    expect(results.filter(({ message }) => message.includes('check itself failed'))).toEqual([])
  })
  it('throw nothing where nothing exists', async () => {
    const { results } = await judge({ '**': null })
    expect(results.filter(({ message }) => message.includes('check itself failed'))).toEqual([])
  })
  it.each(['denied', 'timeout', 'failed'] as const)(
    'pass nothing where every reading is %s',
    async (state) => {
      const { results } = await judge({ '**': { state, reason: 'of no use', durationMs: 0 } })
      expect(results.filter(({ status }) => status === 'pass').map(({ id }) => id)).toEqual([])
      expect(results.filter(({ message }) => message.includes('check itself failed'))).toEqual([])
    },
  )
})
